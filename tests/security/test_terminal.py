"""What AWS, a file or another operator says is text: it neither steers a terminal nor is taken for markup of ours."""

from __future__ import annotations

import ast
import io
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from sbctl.app import App, Settings
from sbctl.cli.run import guarded
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.events import PhaseStarted, silent
from sbctl.core.plan import FieldChange, Plan, Step
from sbctl.core.state import Record, State
from sbctl.ui import console as consoles
from sbctl.ui.console import THEME, SafeConsole, columns
from sbctl.ui.page.report import drill_page
from sbctl.ui.progress import Board
from sbctl.ui.render import draw_problems, drawer, render
from sbctl.ui.views import AddressExplained, Pairs, Records, RunShown, WorldShown
from tests.security.ground import NOW
from tests.unit.ui.test_drill_page import EARLIER, drill

UI = Path(consoles.__file__).parent
HOSTILE = {
    "steering": "\x1b[2J\x1b]0;title\x07\x9b31m",
    "markup": "[red]red[/red] [link=https://example.com]link[/link] [nonsense] [/]",
    "escaped markup": "\\[red]red\\[/red] \\\\[bold]b",
    "ends in a backslash": "C:\\",
    "turned round": "\u202egnp.exe\u2066\u200f",
    "emoji code": ":warning:",
    "html": "</td><script>alert(1)</script><img src=x onerror=alert(1)>",
}
VISIBLE = ("[red]red[/red]", "[link=https://example.com]", "\\[red]red", "C:\\", "gnp.exe", ":warning:")
ALL = " ".join(HOSTILE.values())


def screen() -> SafeConsole:
    """A console as commands have it, wide, and colourful as on a terminal."""
    file = io.StringIO()
    return SafeConsole(
        theme=THEME, highlight=False, markup=False, emoji=False, file=file, width=2000, force_terminal=True
    )


def shown(console: Console) -> str:
    """What was drawn, without rich's own colours."""
    file = console.file
    assert isinstance(file, io.StringIO)
    drawn = file.getvalue()
    for own in sorted({part.partition("m")[0] for part in drawn.split("\x1b[")[1:]}, key=len, reverse=True):
        if own.replace(";", "").isdigit():
            drawn = drawn.replace(f"\x1b[{own}m", "")
    return drawn


def assert_harmless(drawn: str) -> None:
    """No control character but line ends, and everything that could be markup stands there as it was said."""
    assert not [letter for letter in drawn if (letter < " " and letter != "\n") or "\x7f" <= letter <= "\x9f"]
    assert not {"\u202e", "\u2066", "\u200f", "\u2028"} & {*drawn}
    for text in VISIBLE:
        assert text in drawn


def test_whatever_is_printed_as_text_is_text() -> None:
    """Plain strings, cells, headings and titles alike: nobody has to remember to escape."""
    console = screen()
    console.print(ALL)
    table = columns(ALL, title=ALL)
    table.add_row(ALL)
    console.print(table)
    drawn = shown(console)
    assert_harmless(drawn)
    assert drawn.count("[red]red[/red]") == 4


RECORD = Record(address="connect_queue.us-east-1.x", ids={"id": ALL})
EVENT = {"at": NOW.isoformat(), "world": NOW.isoformat(), "what": ALL, "move": ALL, "data": {"reason": ALL}}
RUN = {"run": "r", "outcome": ALL, "from": ALL, "to": ALL, "mode": "", "reason": ALL, "events": [EVENT]}
CHECK = {"name": ALL, "id": "x", "healthy": True, "type": ALL, "endpoint": ALL}
DNS = {"name": ALL, "type": ALL, "ttl_seconds": 60, "values": [ALL]}
FAULT = {"id": ALL, "kind": ALL, "region": ALL, "service": ALL}
WORLD = {"faults": [FAULT], "health_checks": [CHECK], "dns_answers": [DNS], "replication": {}}
CHANGE = FieldChange(field="tags", before=ALL, after={ALL: ALL}, why="drift", notes=())
STEP = Step(address="connect_queue.us-east-1.x", action="update", changes=(CHANGE,), reason=ALL)
PLAN = Plan(
    made_at=NOW, lineage="l", serial=1, account="1", project=ALL, config_digest="d", regions=(ALL,), steps=(STEP,), unread=(ALL,)
)  # fmt: skip
VIEWS = {
    "state list": Records((RECORD,), State()),
    "history show": RunShown(RUN),
    "sandbox status": WorldShown(((ALL, ALL),), WORLD),
    "explain": AddressExplained({"address": ALL, "wanted": {"description": ALL}, "needs": [ALL], "needed_by": [ALL]}),
    "pairs": Pairs(ALL, ((ALL, ALL),)),
    "record": Record(address="connect_queue.us-east-1.x", ids={"id": ALL}, applied={"description": ALL}),
}


@pytest.mark.parametrize("name", VIEWS)
def test_views_draw_hostile_names_as_they_are(name: str) -> None:
    """Tables of the state, of runs, of the sandbox's world, and what explain says."""
    console = screen()
    drawer(VIEWS[name])(console, VIEWS[name])
    assert_harmless(shown(console))


def test_a_plan_draws_hostile_values_as_they_are() -> None:
    """Reasons and regions whole; values, of which only the beginning is shown, without what steers."""
    from sbctl.ui.draw.plan import draw_plan

    console = screen()
    draw_plan(console, PLAN)
    assert_harmless(shown(console))


def test_errors_of_aws_are_text(capsys: pytest.CaptureFixture[str]) -> None:
    """The message, the code and the place of a problem, on stderr; and no text forges a line of its own."""
    error = AwsError(f"Bad{ALL}", f"{ALL}\nError: forged", service="s3", operation="PutObject", region="us-east-1")
    draw_problems((from_aws(error, at=f"{ALL}\nError: forged", fix=f"{ALL}\nError: forged"),))
    drawn = capsys.readouterr().err
    assert_harmless(drawn)
    assert "\nError: forged" not in drawn


def test_json_loses_nothing_and_steers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """What is read back is what was said, and what was printed has no control character."""
    app = App(Settings(output="json"), silent, "test")
    report = guarded("test", app, lambda _: (_ for _ in ()).throw(AwsError("X", ALL)))
    render(report, "json")
    printed = capsys.readouterr().out
    assert ALL in json.loads(printed)["problems"][0]["detail"]
    assert not [letter for letter in printed if letter < " " and letter != "\n"]
    assert "\u202e" not in printed


def test_a_traceback_steers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """--debug shows where it went wrong, and what AWS said in it is still text."""

    def work(_: App) -> Any:
        raise RuntimeError(ALL)

    guarded("test", App(Settings(debug=True), silent, "test"), work)
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "\x1b" not in said
    assert "[red]red" in said


def test_what_is_waited_for_is_text() -> None:
    """Another run's command line, as its lock names it, stands above the board of progress."""
    console, board = screen(), Board()
    board.hear(PhaseStarted(f"waiting for `sbctl --reason {ALL}`", 0, {"us-east-1": 1}))
    console.print(board.draw())
    assert_harmless(shown(console))


def test_texts_and_consoles_are_made_in_one_place() -> None:
    """Views build text by `plain`, which cleans it, and print to the two consoles; so nothing goes past them."""
    found = []
    for path in UI.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and path.name != "console.py":
                made = ast.unparse(node.func)
                constant = all(isinstance(argument, ast.Constant) for argument in node.args)
                if made == "Console" or made.startswith("Text.") or (made == "Text" and not constant):
                    found.append(f"{path.name}:{node.lineno} {made}")
    assert found == []


class Tags(HTMLParser):
    """The tags of a page, and the attributes that would act."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.acting: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.acting += [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")]


def test_the_page_of_a_drill_holds_no_markup_of_others() -> None:
    """Names in tables, in charts and in titles of stretches are text: no script, picture or link comes of them."""
    lag = {"subject": ALL, "from": ALL, "to": ALL, "value": 1.0, "unit": "s"}
    probe = {"at_seconds": 1.0, "region": ALL, "good": False, "why": ALL}
    more = {"why": ALL, "refusal": [ALL], "timeline": [{"at_seconds": 1.0, "what": "fault", "text": ALL}]}
    page = Tags()
    text = drill_page(drill(lags=[lag], probes=[probe], name=ALL, title=ALL, **more), EARLIER)
    page.feed(text)
    assert not page.tags & {"script", "img", "a", "iframe", "object", "embed", "foreignobject", "base", "form"}
    assert page.acting == []
    assert not {"\x1b", "\x07", "\u202e"} & {*text}
