"""Route 53 as the sandbox has it: zones, record sets, health checks, and what a query would be answered."""
