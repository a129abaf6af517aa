"""Plan, apply, deploy, destroy."""
