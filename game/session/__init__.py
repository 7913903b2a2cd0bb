"""What a game is: commands in, ticks, snapshots and events out."""
