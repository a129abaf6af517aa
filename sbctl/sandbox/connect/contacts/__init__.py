"""Contacts: their state, what happens to them, and what they leave."""
