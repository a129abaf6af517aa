"""What others changed, and taking it into the config."""
