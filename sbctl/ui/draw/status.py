"""The overview: one sentence, one picture of the regions, what is wrong, the one next command. All of it fits the terminal.

What does not fit is counted, with the command that shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from sbctl.core.text.ages import age
from sbctl.ui.console import columns, plain, safe
from sbctl.ui.draw.failover import STYLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import Console, RenderableType

    from sbctl.ui.views import StatusShown

VERDICTS = {"ok": "good", "late": "warn", "bad": "bad", "unknown": "warn"}
PAGE_ROWS = 24
"""Where nobody says how high the terminal is."""
NOTE_ROWS = 5
LEAST_FAULTS = 1
LABEL = 9
"""The room of the words at the left edge."""


def draw_status(console: Console, view: StatusShown) -> None:
    data = view.data
    head = [_verdict(data, live=view.live), Text(), _regions(data), Text()]
    foot = [
        *_known(data),
        *_open(data, view.call),
        Text(),
        _Typed("looking ...", style="quiet") if view.looking else _next(data),
    ]
    used = sum(_height(console, one) for one in (*head, *foot))
    room = (console.height if console.is_terminal else PAGE_ROWS) - 1 - used - NOTE_ROWS * view.notes
    for one in (*head, *_faults(console, data, max(LEAST_FAULTS, room), view.call)):
        console.print(one)
    for one in foot:
        console.print(one, soft_wrap=isinstance(one, _Typed))


class _Typed(Text):
    """A line that is typed as it stands, and is never folded by us."""


def _height(console: Console, one: RenderableType) -> int:
    if isinstance(one, _Typed):
        return max(1, -(-one.cell_len // console.width))
    return len(console.render_lines(one, pad=False))


def _verdict(data: Mapping[str, Any], *, live: bool) -> Text:
    text = plain(data["verdict"], "bad" if _bad(data) else "head")
    if not live and data["age_seconds"] is not None:
        text.append(f" (as seen {age(data['age_seconds'])} ago)", "quiet")
    return text


def _bad(data: Mapping[str, Any]) -> bool:
    serving = [row["health"] for row in data["regions"] if row["role"] == "active"]
    return data["age_seconds"] is not None and "healthy" not in serving


def _regions(data: Mapping[str, Any]) -> RenderableType:
    table = columns("", "region", "role", "health", "lag", "seen", "what it said")
    limit = data["objectives"]["rpo_seconds"]
    for row in data["regions"]:
        active = row["role"] == "active"
        lag = row["lag_seconds"]
        late = plain("-", "quiet") if lag is None else plain(f"{lag:.1f} s", "good" if lag <= limit else "bad")
        table.add_row(
            plain("▶" if active else ""),
            plain(row["region"], "head" if active else ""),
            plain(row["role"], "head" if active else ""),
            plain(row["health"], STYLES.get(row["health"], "")),
            late,
            plain(age(row["age_seconds"])),
            plain(" ".join(row["detail"].split()), "quiet"),
        )
    return table


def _known(data: Mapping[str, Any]) -> Iterator[Text]:
    """What was proven and rehearsed, and how long ago: a line each."""
    proofs = [_proof(name, proof) for name, proof in data["proofs"].items()]
    yield _label("proofs", Text(", ").join(proofs) if proofs else plain("none yet", "warn"))
    kit = data.get("kit")
    if kit:
        said = f"made {age(kit['age_seconds'])} ago, of state {kit['serial']}"
        yield _label(
            "kit", plain(f"{said}, older than the state" if kit["stale"] else said, "warn" if kit["stale"] else "")
        )
    drill = data["last_drill"]
    if drill is None:
        yield _label("drill", plain("never run", "warn"))
        return
    rto = "" if drill["rto_seconds"] is None else f", RTO {drill['rto_seconds']:.0f} s"
    good = drill["outcome"] == "held" and drill["age_seconds"] < 30 * 86400
    said = f"{drill['name']} {drill['outcome']}, {age(drill['age_seconds'])} ago{rto}"
    yield _label("drill", plain(said, "good" if good else "warn"))


def _proof(name: str, proof: Mapping[str, Any]) -> Text:
    few = f" ({proof['not_ok']} of {proof['readings']})" if proof["not_ok"] else ""
    few = f" ({proof['overtaken']} of {proof['readings']})" if proof["overtaken"] and not few else few
    text = plain(f"{name} ").append_text(plain(proof["verdict"], VERDICTS[proof["verdict"]]))
    return text.append_text(plain(f"{few} {age(proof['age_seconds'])} ago"))


def _open(data: Mapping[str, Any], call: str) -> Iterator[Text]:
    run, drill = data["open_failover"], data["open_drill"]
    if run:
        yield _label("open", plain(f"{run['run']} to {run['target']}, by {run['by']}", "bad"))
    if drill:
        yield _label("open", plain(f"{drill['run']} ({drill['name']}), by {drill['by'] or 'somebody'}", "bad"))
        line = f"{call} drill restore"
        if not data["next"].endswith("drill restore") and not data["at_work"]:
            yield _Typed(f"{'':{LABEL}}then: {line}", style="good")


def _next(data: Mapping[str, Any]) -> Text:
    return _Typed(f"{'next':{LABEL}}{safe(data['next'])}", style="head")


def _faults(console: Console, data: Mapping[str, Any], room: int, call: str) -> Sequence[Text]:
    """As many as fit; of the rest the number, and where all of them stand."""
    # How each region is stands in the picture.
    blocks = [[*_fault(row)] for row in data["faults"] if row.get("check") != "health"]
    heights = [sum(_height(console, one) for one in block) for block in blocks]
    shown = _fitting(heights, room)
    lines = [one for block in blocks[:shown] for one in block]
    rest = len(blocks) - shown
    if rest:
        lines.append(_label("", plain(f"and {rest} more: {call} status --output json", "quiet")))
    return lines


def _fitting(heights: Sequence[int], room: int) -> int:
    """How many of the first blocks fit, with a row for the number of the others where there are any."""
    if sum(heights) <= room:
        return len(heights)
    fits, used = 0, 1
    for height in heights:
        used += height
        if used > room:
            break
        fits += 1
    return fits


def _fault(row: Mapping[str, Any]) -> Iterable[Text]:
    text = plain(" ".join(str(row["what"]).split()))
    yield _label("wrong", text.append_text(plain(f" ({age(row['age_seconds'])} ago)", "quiet")), "bad")
    if row.get("check") == "signal-copy" and row["fix"]:
        when = "" if row["verdict"] == "bad" else "once it answers: "
        yield _Typed(f"{'':{LABEL}}{when}{row['fix']}", style="good")


def _label(name: str, text: Text, style: str = "quiet") -> Text:
    return plain(f"{name:{LABEL}}", style).append_text(text)
