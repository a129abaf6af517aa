"""regions.json and failover-rules.json, read and checked."""
