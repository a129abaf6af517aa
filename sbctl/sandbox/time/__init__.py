"""The sandbox's clock, what falls due on it, and those who wait for it."""
