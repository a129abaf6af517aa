"""One mechanism a file; each file ends with its constant MECHANISM (contract: `sbctl.failover.mechanism`)."""
