"""The service with which chat clients speak."""
