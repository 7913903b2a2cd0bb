"""Tests of game.server."""
