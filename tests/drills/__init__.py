"""Timelines of the kernel model: what goes in, what must come out, and when."""
