"""What commands tell in JSON, as frozen values with a schema; what failovers and drills tell stands in failover/data/."""
