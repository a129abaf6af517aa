"""Floor 2: one rehearsal a file; each file ends with its constant DRILL."""
