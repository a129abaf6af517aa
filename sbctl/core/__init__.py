"""Floor 0: frozen types and pure functions. Standard library and pydantic only; no files, network, clock or print."""
