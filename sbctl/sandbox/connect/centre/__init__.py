"""The instance itself, what is associated with it, and what it comes with."""
