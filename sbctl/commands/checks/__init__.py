"""Commands that look and judge: status, doctor, drift, parity, replication."""
