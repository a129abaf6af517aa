"""What tables and buckets are made of."""
