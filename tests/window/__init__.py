"""The real window under a virtual screen, driven by mouse and keyboard."""
