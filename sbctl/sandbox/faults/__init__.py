"""What is broken in the sandbox's world, and how it breaks requests."""
