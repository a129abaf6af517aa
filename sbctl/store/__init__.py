"""Floor 1: the state of a project: atomic file, lock, journal, generations, and a twin in memory."""
