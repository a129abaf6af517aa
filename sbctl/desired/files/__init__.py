"""What stands beside the config: sources, packages, recordings."""
