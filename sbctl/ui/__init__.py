"""Floor 4: core types in, text out: tables, progress, JSON."""
