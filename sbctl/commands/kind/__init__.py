"""The commands that each resource kind gets: list, show, adopt."""
