"""Which operations only read. By prefix; a test compares it with the operations that kinds declare."""

from __future__ import annotations

PREFIXES = ("Get", "List", "Describe", "Search", "Head", "BatchGet", "Test", "Query", "Scan", "Simulate")


def is_read(operation: str) -> bool:
    """Whether an operation changes nothing, so that it may be repeated and may run in a plan."""
    return operation.startswith(PREFIXES)
