"""What the Makefile's short targets run: pytest with its files in memory, and ruff on what has changed."""
