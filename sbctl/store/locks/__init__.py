"""One run at a time: locks, leases, and who holds them."""
