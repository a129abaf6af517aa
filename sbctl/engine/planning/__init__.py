"""What would change: what is wanted, what is there, and what may not be done untold."""
