"""moto underneath: its backends, what of them is allowed, put right and kept."""
