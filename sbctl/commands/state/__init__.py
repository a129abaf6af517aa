"""The state: its records, its history, moving and rebuilding it."""
