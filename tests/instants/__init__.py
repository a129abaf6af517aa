"""Signals at any instant of what moves traffic: another process always comes to an end."""
