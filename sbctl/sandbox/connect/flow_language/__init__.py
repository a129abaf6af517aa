"""The flow language as the simulated Connect holds published content against it."""
