"""What a failover needs, one measurement a file. Each looks and changes nothing; together they are `sbctl doctor`."""
