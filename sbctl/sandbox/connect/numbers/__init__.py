"""Telephone numbers of the account, and the flows that answer them."""
