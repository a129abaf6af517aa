"""Service Quotas of the sandbox."""
