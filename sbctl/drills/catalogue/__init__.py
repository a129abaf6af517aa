"""One drill a file; each file ends with its constant DRILL."""
