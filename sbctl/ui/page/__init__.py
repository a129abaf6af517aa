"""A drill as one HTML page."""
