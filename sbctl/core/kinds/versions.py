"""Versions of a resource that AWS keeps, so that an earlier one can be brought back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class KeptVersion:
    """One version. `made_at` is None where AWS does not tell.

    `digest` is that of the file it was made of, the same in all regions; `content` tells its content from others of the
    region. Both are "" for a version that sbctl did not make. `present`: its content is the published one.
    """

    number: int
    made_at: datetime | None = None
    digest: str = ""
    content: str = ""
    present: bool = False
