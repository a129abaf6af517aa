"""Measured and published replication lag."""
