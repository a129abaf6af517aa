"""The blocks of the pages: each has a language, fits a terminal, and names commands that sbctl has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sbctl.cli.options import GLOBAL_NAMES
from tests.typed.commands import refusal, sbctl_commands
from tests.typed.pages import announced, blocks

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TYPED = [page for page in PAGES if page == "README.md" or page.startswith("docs/how-to/")]
LANGUAGES = {"sh", "text", "json", "jsonc", "python"}
COLUMNS = 80
COMMENT = re.compile(r"(?:^|\s+)#.*$")


@pytest.mark.parametrize("page", PAGES)
def test_every_block_has_a_language(page: str) -> None:
    """`sh` is typed, the others are read or saved; a block without a language would be neither."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = [*blocks(text)]
    assert [(block.line, block.language) for block in found if block.language not in LANGUAGES] == []
    assert len(re.findall(r"^ *```", text, re.M)) == 2 * len(found)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_block_exists(page: str) -> None:
    """Each sbctl command of a shell block parses, with its options and arguments."""
    found = [block for block in blocks((ROOT / page).read_text(encoding="utf-8")) if block.language == "sh"]
    refused = [
        (block.line, words, why) for block in found for words in sbctl_commands(block.text) if (why := refusal(words))
    ]
    assert refused == []


@pytest.mark.parametrize("page", TYPED)
def test_what_is_typed_fits_the_terminal(page: str) -> None:
    """No line of a shell block is wider than 80 columns before its comment."""
    text = (ROOT / page).read_text(encoding="utf-8")
    lines = [line for block in blocks(text) if block.language == "sh" for line in block.text.splitlines()]
    assert [line for line in lines if len(COMMENT.sub("", line)) > COLUMNS] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('eval "$(sbctl sandbox env)"', [["sandbox", "env"]]),
        ("sbctl sandbox heal && sbctl plan  # sbctl nothing", [["sandbox", "heal"], ["plan"]]),
        ("sbctl failover --to us-west-2 \\\n  --mode forced", [["failover", "--to", "us-west-2", "--mode", "forced"]]),
        ("sbctl cost --print-prices > prices.json; A=1 sbctl plan", [["cost", "--print-prices"], ["plan"]]),
        ("make demo # sets up", []),
    ],
)
def test_commands_are_found_in_shell_lines(line: str, found: list[list[str]]) -> None:
    """Behind operators, assignments and in substitutions; comments are none."""
    assert [*sbctl_commands(line)] == found


@pytest.mark.parametrize(
    ("words", "why"),
    [("plam", "plam"), ("plan --exti-code", "--exti-code"), ("state", "Usage"), ("failover --mode slow", "slow")],
)
def test_a_command_that_does_not_exist_is_refused(words: str, why: str) -> None:
    """A wrong name, option, value, or none at all."""
    assert why in refusal(words.split())


def test_the_page_of_variables_has_them_all() -> None:
    """Each global option is a row, with its variable, and no other variable of sbctl is."""
    text = (ROOT / "docs/reference/environment.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(SBCTL_\w+)` \| `(--[\w-]+)` \|", text, re.M))
    assert rows == {f"SBCTL_{name.upper()}": f"--{name.replace('_', '-')}" for name in GLOBAL_NAMES}


@pytest.mark.parametrize(
    ("page", "done"),
    [
        ("docs/how-to/write-a-flow.md", ["flows/billing.py", "flows/goodbye.json"]),
        ("docs/how-to/add-a-region.md", [("config/regions.json", "regions")]),
        ("docs/how-to/adopt-a-contact-centre.md", [("acme/config/regions.json", "regions")]),
        ("README.md", []),
    ],
)
def test_what_a_page_has_saved_or_added_is_known(page: str, done: list[object]) -> None:
    """The words before a block say what becomes of it, so that whoever types a page does it too."""
    found = [block.save or block.add for block in blocks((ROOT / page).read_text(encoding="utf-8"))]
    assert [one for one in found if one] == done


@pytest.mark.parametrize("page", TYPED)
def test_a_page_that_starts_a_sandbox_stops_it(page: str) -> None:
    """Each page has something to type, and its last command leaves nothing running."""
    typed = [block.text for block in blocks((ROOT / page).read_text(encoding="utf-8")) if block.language == "sh"]
    commands = [words for text in typed for words in sbctl_commands(text)]
    assert typed
    starts = any("--sandbox" in words or words[:2] == ["sandbox", "up"] for words in commands)
    assert not starts or commands[-1] == ["sandbox", "down"]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("sbctl plan", 0),
        ("sbctl plan  # nothing to do, exit 0", 0),
        ("sbctl x  # paused: exit 130", 130),
        ("exit 3", 0),
    ],
)
def test_a_comment_announces_the_exit_status(line: str, status: int) -> None:
    """Where no comment says otherwise a typed line ends with 0."""
    assert announced(line) == status
