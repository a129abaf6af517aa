"""Floor 5: click only: parse, call, return a report."""
