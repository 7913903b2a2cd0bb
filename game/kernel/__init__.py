"""What Linux does, as pure state machines: no clock, no dice, no I/O."""
