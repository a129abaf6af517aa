"""Generators of calls, and what their callers got."""
