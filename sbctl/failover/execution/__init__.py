"""Carries a decision out, step by step, journaled."""
