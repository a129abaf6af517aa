"""Which resource in AWS is the one that the config means: by id, tag, name."""
