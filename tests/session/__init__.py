"""Tests of game.session."""
