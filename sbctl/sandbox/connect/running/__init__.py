"""Flows that run: one interpreter for contacts and for tests of flows."""
