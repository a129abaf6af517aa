"""What contacts leave outside of Connect: CloudWatch metrics, flow logs, recordings and transcripts."""
