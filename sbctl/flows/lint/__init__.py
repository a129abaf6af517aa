"""Findings on a flow before it is deployed."""
