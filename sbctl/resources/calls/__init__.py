"""What the kinds repeat: calls, waits, tags."""
