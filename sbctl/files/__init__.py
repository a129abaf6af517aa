"""Files that come from users: read here only."""
