"""What contacts leave."""
