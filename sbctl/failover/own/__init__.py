"""Steps of one's own in a failover: where they stand, what they do, and how a forced move leaves them to themselves."""
