"""Floor 3: observe, plan, apply; knows no kind by name."""
