"""The failover kit: built at deploy, read in the event."""
