"""What the sandbox models, service by service: `python -m sbctl.sandbox.coverage` prints the page.

Exact: answered by the sandbox itself, by AWS's documented rules. Corrected: moto's answer, with the sandbox's rules before or
after it. Approximate: moto's answer as it is. Everything else is absent and answers 501 with its name.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sbctl.sandbox.hooks import Relaying
from sbctl.sandbox.moto_bridge.allowed_operations import SERVICES
from sbctl.sandbox.moto_bridge.operations import moto_operations
from sbctl.sandbox.service import Service
from sbctl.sandbox.services import OWN
from sbctl.sandbox.wire import models
from sbctl.sandbox.world import World, WorldSettings

HEAD = """# What the sandbox models

Written by `make coverage`; a test fails when it is not current.

| word | meaning |
|---|---|
| exact | answered by the sandbox itself, by the rules that AWS documents |
| corrected | moto's answer, with the sandbox's own rules before or after it |
| approximate | moto's answer as it is, or one that is made too easy: see the notes |
| absent | HTTP 501, `NotModelled`, with the operation's name: nothing was done |

Every request is checked by botocore's model first, and AWS's rates are kept unless they are switched off.
Each service's notes say what is otherwise than on AWS. Of what is moto's, the times of creation are the machine's, not the world's.
"""


@dataclass(frozen=True)
class Coverage:
    """The operations of one service by how they are modelled, and what is otherwise than on AWS."""

    service: str
    exact: tuple[str, ...]
    corrected: tuple[str, ...]
    approximate: tuple[str, ...]
    absent: int
    differs: tuple[str, ...]

    @property
    def present(self) -> frozenset[str]:
        return frozenset((*self.exact, *self.corrected, *self.approximate))


def coverage(services: Mapping[str, Service]) -> list[Coverage]:
    """All services, those with rules of the sandbox's own first."""
    others = sorted(SERVICES - services.keys())
    return [*(_of(name, services[name]) for name in sorted(services)), *(_carried(name) for name in others)]


def _of(name: str, service: Service) -> Coverage:
    own = frozenset(service.operations)
    relayed = frozenset(service.relays) if isinstance(service, Relaying) else frozenset()
    moto = frozenset() if name in OWN else moto_operations(name)
    # What a service corrects where moto answers too is a correction; what it answers all alone is its own.
    roughly: frozenset[str] = getattr(service, "roughly", frozenset())
    exact = (own if name in OWN else own - moto) - roughly
    corrected = (own | relayed) - exact - roughly
    rest = (moto - own - relayed) | roughly
    known = exact | corrected | rest
    absent = len(models.operation_names(name) - known)
    return Coverage(name, _sorted(exact), _sorted(corrected), _sorted(rest), absent, service.differs)


def _carried(name: str) -> Coverage:
    moto = moto_operations(name)
    absent = len(models.operation_names(name) - moto)
    return Coverage(name, (), (), _sorted(moto), absent, ())


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))


def page(rows: Iterable[Coverage]) -> str:
    """The page, in Markdown."""
    parts = [HEAD]
    for row in rows:
        parts.append(f"\n## {row.service}\n")
        parts += [f"- {note}" for note in row.differs]
        parts += [""] if row.differs else []
        for word, names in (("exact", row.exact), ("corrected", row.corrected), ("approximate", row.approximate)):
            if names:
                parts.append(f"**{word}** ({len(names)}): {', '.join(names)}\n")
        parts.append(f"**absent**: {row.absent} other operations")
    return "\n".join(parts) + "\n"


def main() -> None:
    """Print the page."""
    sys.stdout.write(page(coverage(World(WorldSettings()).services)))


if __name__ == "__main__":
    main()
