"""S3 as AWS has it where moto does not: replication configurations that are kept, and defaults of new buckets."""
