"""What roles are made of: policies, read in pages."""
