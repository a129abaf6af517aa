"""The map of the house: its floors, the rooms of each, and the drawing of them in ARCHITECTURE.md.

`python -m tests.house` writes the drawing; tests/test_floors.py compares it, and holds imports and folders against the table.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "ARCHITECTURE.md"
FENCE = "```"


@dataclass(frozen=True)
class Room:
    """A folder or file of sbctl/. `beside` are those of its floor that it must not know."""

    floor: int
    name: str
    text: str
    beside: frozenset[str] = frozenset()


ROOMS = (
    Room(9, "main.py", "the table of commands: each is imported when it is called"),
    Room(
        8,
        "commands/",
        "parse, call, return a Report: checks, data, deploy, failover, flow, kind, kit, project, sandbox, state",
    ),
    Room(7, "cli/", "what every command shares: options, questions, how a run begins and ends"),
    Room(6, "app.py", "puts everything together"),
    Room(6, "local_sandbox.py", "the one place that knows the sandbox"),
    Room(6, "clocks.py", "real time, and a sandbox's"),
    Room(6, "client_profiles.py", "the clients of AWS that a run makes"),
    Room(6, "endpoints.py", "whose endpoint one is"),
    Room(5, "ui/", "tables, progress, pages, JSON", frozenset({"drills/"})),
    Room(
        5, "drills/", "rehearsals: what drives failovers, breaks the sandbox, watches and restores", frozenset({"ui/"})
    ),
    Room(4, "engine/", "matching → planning → apply; drift, parity, adoption"),
    Room(4, "failover/", "kit → decision → execution, by one of mechanisms; guidance: what is next"),
    Room(4, "cost/", "what the config costs a month"),
    Room(4, "permissions/", "what a caller must be allowed, from declared calls"),
    Room(3, "resources/", "one kind a file; folders hold what kinds are made of", frozenset({"checks/"})),
    Room(3, "checks/", "measurements: lag, replication, preflight", frozenset({"resources/"})),
    Room(2, "desired/", "files → what is wanted", frozenset({"store/", "aws/", "probes/"})),
    Room(
        1,
        "flows/",
        "contact flows as files: language, lint, names in place of ids, comparing, drawing",
        frozenset({"store/", "aws/", "probes/"}),
    ),
    Room(1, "store/", "the state, its locks, the journals of runs", frozenset({"flows/", "aws/", "probes/"})),
    Room(1, "aws/", "the only boto3", frozenset({"flows/", "store/", "probes/"})),
    Room(1, "probes/", "DNS and endpoints", frozenset({"flows/", "store/", "aws/"})),
    Room(0, "core/", "frozen types and pure functions: aws, kinds, moving, text"),
    Room(0, "files/", "the one reader of files that users give"),
)
SANDBOX = "sandbox/"
BESIDE = "beside the tower: a local AWS; shares no code with it"
WIDTH = max(len(room.name) for room in ROOMS) + 2


def drawing() -> str:
    """The floors from the top, a line a room."""
    floors: dict[int, list[Room]] = defaultdict(list)
    for room in ROOMS:
        floors[room.floor].append(room)
    lines = [
        f"{floor if room is rooms[0] else ' '}  {room.name:<{WIDTH}}{room.text}"
        for floor, rooms in sorted(floors.items(), reverse=True)
        for room in rooms
    ]
    return "\n".join([*lines, f"   {SANDBOX:<{WIDTH}}{BESIDE}"])


def drawn(page: str) -> str:
    """The page with the present drawing in its first fence."""
    before, _, rest = page.partition(f"{FENCE}text\n")
    _, _, after = rest.partition(f"\n{FENCE}\n")
    return f"{before}{FENCE}text\n{drawing()}\n{FENCE}\n{after}"


def main() -> None:
    """Write the drawing."""
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
