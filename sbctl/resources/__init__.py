"""Floor 2: one kind of AWS resource a file; each file ends with its constant RESOURCE."""
