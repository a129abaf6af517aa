"""Queues, hours and routing profiles: who gets which contact, and when."""
