"""The data plane of Route 53: name servers that answer, and checkers that check."""
