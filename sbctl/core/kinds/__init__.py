"""The contract of a resource kind: what it wants, has, and what differs."""
