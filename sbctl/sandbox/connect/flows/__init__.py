"""Flows and modules, with their versions and aliases."""
