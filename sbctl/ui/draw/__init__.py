"""One view a file, drawn for people."""
