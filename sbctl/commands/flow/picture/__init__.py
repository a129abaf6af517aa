"""Pictures of flows, and comparisons of two contents."""
