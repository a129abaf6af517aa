"""Route 53 as the sandbox simulates it: hosted zones, record sets, health checks and the answers to DNS queries."""
