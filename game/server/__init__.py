"""Rooms in which games are played."""
