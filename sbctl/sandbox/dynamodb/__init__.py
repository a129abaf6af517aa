"""DynamoDB as AWS has it where moto does not: asynchronous tables, replicas in other regions, rules of deletion."""
