"""What a deployment costs a month: quantities from the config and a usage profile, prices from a file."""
