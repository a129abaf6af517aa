"""Which IAM permissions sbctl needs, derived from the calls that kinds, checks and failovers declare."""
