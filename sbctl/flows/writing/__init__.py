"""Flow documents as files."""
