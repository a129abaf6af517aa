"""The layers round the client: counts, limits, retries, silence."""
