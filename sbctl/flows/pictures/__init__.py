"""A flow drawn."""
