"""Tests of game.sim."""
