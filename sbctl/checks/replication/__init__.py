"""What replication rests on: rules, roles, replicas, keys, backlog."""
