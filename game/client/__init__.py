"""What a player sees and presses. Knows the wire (`protocol`) and nothing behind it."""
