"""Contacts and agents of the simulated Connect."""
