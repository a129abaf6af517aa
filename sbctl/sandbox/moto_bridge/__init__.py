"""moto underneath: its backends, which operations are allowed, corrections, snapshots."""
