"""What records and health checks are made of: names, layout, takeover."""
