"""AWS's errors, lists and actions as values."""
