"""Contacts and agents of one account, put together."""
