"""Flows as consoles export them, made at random from a hand-written sample of every action type."""
