"""Tables on a narrow terminal: what a sentence says is folded and not cut, and the other columns keep their words."""

from __future__ import annotations

import io

from rich.console import Console

from sbctl.core.state import Record, State
from sbctl.ui.console import THEME, columns
from sbctl.ui.draw.drill import draw_drills, draw_played
from sbctl.ui.draw.history import draw_run
from sbctl.ui.draw.sandbox.world import draw_faults
from sbctl.ui.draw.state import draw_generations, draw_records
from sbctl.ui.views import DrillsListed, DrillsShown, FaultsListed, GenerationsListed, Records, RunShown

SENTENCE = (
    "Traffic goes from us-east-1 to us-west-2 (forced, by standby-takeover): us-east-1 has not answered for 41 s."
)
EVENTS = [
    {
        "at": "2026-01-01T00:00:00+00:00",
        "world": "2026-01-01T00:00:00+00:00",
        "what": "noted",
        "move": "",
        "data": {"text": SENTENCE, "probes": [{"good": True}] * 8},
    }
]
RUN = {"run": "failover-1", "outcome": "held", "from": "a", "to": "b", "mode": "forced", "reason": "", "events": EVENTS}


def drawn(width: int) -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, width=width, theme=THEME), text


def words(text: io.StringIO) -> str:
    return " ".join(text.getvalue().split())


def test_a_sentence_beside_narrow_columns_is_folded_whole() -> None:
    """At 60 columns the first two columns stand as they are, and no word of the sentence is missing."""
    console, text = drawn(60)
    table = columns("after", "what", prose="")
    table.add_row("12.5 s", "decision", SENTENCE)
    console.print(table)
    assert "…" not in text.getvalue()
    assert "12.5 s  decision" in text.getvalue()
    assert all(word in words(text) for word in SENTENCE.split())


def test_a_run_tells_its_sentences_whole_and_counts_what_it_measured() -> None:
    """At 80 columns an event's text is all there, and eight probes are a number."""
    console, text = drawn(80)
    draw_run(console, RunShown(RUN))
    assert all(word in words(text) for word in SENTENCE.split())
    assert "probes (8)" in words(text)


def test_generations_keep_their_serial_beside_a_long_command() -> None:
    """At 80 columns the serial, which people type to restore one, is in its row, and the command is all there."""
    console, text = drawn(80)
    command = "sbctl state rename connect_queue.us-west-2.support connect_queue.us-west-2.help --yes"
    row = {"serial": 41, "written_at": "2026-01-01T10:00:00+00:00", "bytes": 258_000, "damage": "", "present": True}
    counts = {"records": 142, "created": 141, "adopted": 1}
    draw_generations(console, GenerationsListed(({**row, **counts, "command": command},)))
    assert "    41  2026-01-01 10:00      142   141        1   258 kB" in text.getvalue()
    folded = "".join(text.getvalue().partition("kB")[2].removesuffix("1 generation.\n").split())
    assert folded == command.replace(" ", "")


def test_drills_keep_their_names_beside_long_titles() -> None:
    """At 80 columns the names, levels and last outcomes of `drill list` stand whole: a name is what people type."""
    console, text = drawn(80)
    row = {"name": "control-plane-loss", "title": SENTENCE, "on_aws": "health-flag"}
    draw_drills(
        console, DrillsListed(({**row, "last_outcome": "interrupted", "last_at": "2026-01-01T00:00:00+00:00"},))
    )
    assert "…" not in text.getvalue()
    assert "control-plane-loss  health-flag   interrupted 2026-01-01" in text.getvalue()


def test_played_drills_keep_their_runs() -> None:
    """At 80 columns a row has the drill, its figures and the run that `history show` takes."""
    console, text = drawn(80)
    row = {"name": "replication-paused", "outcome": "deviated", "rto_seconds": 312.5, "rpo_seconds": 12.5}
    probes = {"probes_failed": 12, "probes_total": 112, "limits": [{"held": True}]}
    draw_played(console, DrillsShown(({**row, **probes, "run": "drill-20260101T000000-00e1"},)))
    assert "…" not in text.getvalue()
    assert "replication-paused  deviated  312.5 s  12.5 s  drill-20260101T000000-00e1" in text.getvalue()


def test_a_fault_keeps_its_id_beside_what_it_is_narrowed_to() -> None:
    """At 80 columns `sandbox fault list` shows the id that `heal` takes, and every word."""
    console, text = drawn(80)
    fault = {"id": "f1", "kind": "replication-paused", "region": "us-east-1", "service": "dynamodb"}
    draw_faults(console, FaultsListed(({**fault, "operation": "UpdateItem", "resource": "connect-config-global"},)))
    assert "…" not in text.getvalue()
    assert "f1  replication-paused  us-east-1  healed" in text.getvalue()


def test_records_keep_status_beside_a_long_address() -> None:
    """At 80 columns the longest address is whole, and so is what stands beside it."""
    console, text = drawn(80)
    address = "cloudwatch_alarm.eu-west-2.replication-lag.connect-config-global.to-us-east-1"
    record = Record(address=address)
    draw_records(console, Records((record,), State(records={address: record})))
    assert "…" not in text.getvalue()
    assert address in "".join(text.getvalue().replace("ready   sbctl", "").split())
