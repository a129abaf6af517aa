"""Ages as people say them."""

from __future__ import annotations

UNITS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"))


def age(seconds: float | None) -> str:
    """The age in its largest unit; "never" for none."""
    if seconds is None:
        return "never"
    for size, unit in UNITS:
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
