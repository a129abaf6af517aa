"""Moving traffic as values: runs, drills, signals, rules."""
