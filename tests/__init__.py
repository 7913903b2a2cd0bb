"""The project's specification, run by `python -m tests`."""
