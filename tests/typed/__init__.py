"""README and how-tos, typed block by block in a fresh clone, as a new user does."""
