"""Carries a plan out, step by step, journaled."""
