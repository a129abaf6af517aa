"""The failover kit on the command line."""
