"""One quota as Service Quotas lists it: stated in the file of what it limits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quota:
    """`context` is the kind of resource that has each its own value; "" for the account.

    `counts` is the kind of thing of which so many may be: what is applied to it takes effect. "" where nothing counts by it.
    """

    service: str
    code: str
    name: str
    default: float
    context: str = ""
    counts: str = ""
