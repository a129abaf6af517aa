"""Route 53 of the sandbox."""
