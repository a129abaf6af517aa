"""Chats: who takes part, and what is written."""
