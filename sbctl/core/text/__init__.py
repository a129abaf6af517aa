"""Texts: names, numbers and ages as people read them, secrets kept out."""
