"""The screens of the game, one in each file."""
