"""Players without hands: they see snapshots and send commands."""
