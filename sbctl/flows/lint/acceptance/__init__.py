"""Rules on what Amazon Connect accepts, by the facts of the flow language."""
