"""DNS and health checks of the sandbox."""
