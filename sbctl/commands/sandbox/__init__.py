"""The local AWS: up, down, faults, time."""
