"""Beside the tower: a local AWS in front of moto. Imports nothing of sbctl."""
