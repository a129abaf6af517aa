"""Files beside the config: sources, packages, recordings."""
