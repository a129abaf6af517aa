"""Who runs sbctl, from where, and in which run: written into state, journals and the audit log."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Actor:
    """One process of sbctl. `by` is user@host, `version` that of sbctl.

    `run` names this process, and from its beginning the failover or drill that it carries out. `caller` is the ARN of the
    credentials, "" until STS has been asked: nobody asks for its sake.
    """

    by: str
    host: str
    version: str
    run: str = ""
    caller: str = ""

    def facts(self) -> dict[str, str]:
        """What an event says of whoever caused it."""
        return {"by": self.by, "host": self.host, "caller": self.caller, "version": self.version}
