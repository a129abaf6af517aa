"""Floor 2: one measurement a file; each file ends with its constant CHECK."""
