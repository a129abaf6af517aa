"""What contacts leave: records, metrics, log lines, recordings and transcripts."""
