"""Which kits of the cache belong to the endpoint that a run calls. Worlds other than AWS come and go, and their kits stay behind.

Nothing is asked but whether something listens where a sandbox was: its note, beside the state, says where that is.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from sbctl.core.problem import Exit, Problem
from sbctl.endpoints import AWS, OF_AWS, SANDBOX, noted_for
from sbctl.failover.kit.cache import Cached

MOMENT_SECONDS = 0.5
HERE, PERHAPS, ELSEWHERE, GONE = range(4)


def called(told: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """The endpoint that a run calls by an option or a variable; "" where it calls AWS's own."""
    variables = sorted(name for name in environment if name.startswith("AWS_ENDPOINT_URL"))
    return (told or next((environment[name] for name in variables if environment[name]), "")).rstrip("/")


def belonging(cached: Sequence[Cached], url: str) -> list[Cached]:
    """The kits of what answers at an endpoint; where there is none, those that may be. One of a world that is gone comes last."""
    ranks = [_rank(one, url) for one in cached]
    best = min([rank for rank in ranks if rank <= PERHAPS], default=None)
    return [one for one, rank in zip(cached, ranks, strict=True) if best is None or rank == best]


def remark(one: Cached, url: str) -> Problem | None:
    """What is to be known of the only kit, where the sandbox that it is of is not the one that is called."""
    rank = _rank(one, url)
    if rank <= PERHAPS:
        return None
    why = "that sandbox does not run any more" if rank == GONE else "that runs at another endpoint"
    where = f"with the state in {one.state}" if one.state else f"at {one.kit.endpoint}"
    return Problem(
        code="kit-of-another-world",
        summary="The kit is of another endpoint than the one that is called",
        detail=f"{one.kit.project}, deployed {where}: {why}",
        at=str(one.path),
        fix="Give the kit of what is deployed at this endpoint: --kit FILE.",
        exit=Exit.DONE,
    )


def _rank(one: Cached, url: str) -> int:
    made_in = one.kit.endpoint or AWS
    if made_in != SANDBOX:
        name = _named(url)
        return HERE if made_in == name else PERHAPS if made_in == AWS else ELSEWHERE
    if one.state is None:
        return PERHAPS
    at = str(noted_for(one.state).get("endpoint", ""))
    if at and at == url:
        return HERE
    if not at and not _can_tell(one.state):
        return PERHAPS
    return ELSEWHERE if at and _listens(at) else GONE


def _named(url: str) -> str:
    """What a state calls an endpoint: AWS, or its host and port. An invalid endpoint has no name here; the caller reports it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return AWS if f".{parts.hostname}".endswith(OF_AWS) else parts.netloc.rpartition("@")[2]


def _can_tell(state: Path) -> bool:
    """Whether a sandbox's note would be seen there; not where the folder may not be looked into."""
    try:
        state.stat()
        return os.access(state, os.R_OK | os.X_OK)
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _listens(url: str) -> bool:
    with suppress(OSError, ValueError):
        parts = urlsplit(url)
        socket.create_connection((parts.hostname or "", parts.port or 80), timeout=MOMENT_SECONDS).close()
        return True
    return False
