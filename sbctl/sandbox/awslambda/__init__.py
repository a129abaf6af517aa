"""Lambda as AWS has it where moto does not: resource policies whole, invocation refused by name rather than answered falsely."""
