"""What to do next: status, runbooks."""
