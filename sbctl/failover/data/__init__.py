"""What commands tell in JSON, as frozen values with a schema: `sbctl config schema data COMMAND` prints it."""
