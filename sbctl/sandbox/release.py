"""Which release of sbctl the sandbox belongs to: told in its notes and saves."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

DISTRIBUTION = "sbctl-connect"


def release() -> str:
    """The installed version; "unknown" when it runs from a folder that nobody installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "unknown"
