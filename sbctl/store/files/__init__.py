"""Files that are whole or absent, and their owner's alone."""
