"""Failover, failback, drills, runbooks and the history on the command line."""
