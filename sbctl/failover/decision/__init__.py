"""Looks at the world once and decides what may be done."""
