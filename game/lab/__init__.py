"""Headless tools: run levels, check the model against recordings of a real kernel."""
