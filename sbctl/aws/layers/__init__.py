"""The layers round the door: counts, limits, retries, silence."""
