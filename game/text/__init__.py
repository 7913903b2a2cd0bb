"""What people read outside level files, in English and Chinese."""
