"""The sandbox: its world, calls, callers and agents."""
