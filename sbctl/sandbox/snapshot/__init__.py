"""What `sandbox up --data DIR` keeps: the state of a world in a file, from which a later server takes it up again."""

WORLD_LOCK = "world.lock"
"""File in the folder of a world: whoever serves it holds the lock."""
