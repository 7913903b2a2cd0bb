"""Tests of game.level."""
