"""Tests of game.protocol."""
