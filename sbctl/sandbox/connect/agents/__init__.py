"""Agents: who has signed in, and who takes which contact."""
