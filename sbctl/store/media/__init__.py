"""What a state lies on: a folder, memory, objects."""
