"""Tables on a narrow terminal: what a sentence says is folded and not cut, and the other columns keep their words."""

from __future__ import annotations

import io

from rich.console import Console

from sbctl.ui.console import THEME, columns
from sbctl.ui.history_view import draw_run
from sbctl.ui.state_view import draw_generations
from sbctl.ui.views import GenerationsListed, RunShown

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
    folded = "".join(text.getvalue().partition("kB")[2].removesuffix("1 generations.\n").split())
    assert folded == command.replace(" ", "")
