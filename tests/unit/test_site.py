"""The site has every page, in one of four parts, and links that lead to pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.site import COMMANDS, JOINED, address, command_page, relinked

ROOT = Path(__file__).parents[2]
SETTINGS: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
PARTS = ["Tutorial", "How to", "Reference", "Explanation"]


def pages(found: object) -> list[str]:
    """The pages of a part of the navigation."""
    if isinstance(found, str):
        return [found]
    inner = found.values() if isinstance(found, dict) else found
    assert isinstance(inner, list | type({}.values()))
    return [page for one in inner for page in pages(one)]


def test_every_page_is_in_the_navigation_once() -> None:
    """Those of docs/, those of the checkout, and that of the commands."""
    shown = pages(SETTINGS["nav"])
    there = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert sorted(shown) == sorted([*there, *JOINED.values(), COMMANDS])


def test_there_are_four_parts() -> None:
    """To learn, to do, to look up, to understand."""
    parts = [name for one in SETTINGS["nav"] for name in one]
    assert [name for name in parts if name in PARTS] == PARTS


@pytest.mark.parametrize(
    ("page", "link", "becomes"),
    [
        ("README.md", "[a](docs/how-to/fail-over.md)", "[a](how-to/fail-over.md)"),
        ("README.md", "[a](ARCHITECTURE.md#x)", "[a](explanation/architecture.md#x)"),
        ("README.md", "[`flows/`](flows)", "`flows/`"),
        ("ARCHITECTURE.md", "[a](docs/decisions/README.md)", "[a](../decisions/README.md)"),
        ("docs/how-to/fail-over.md", "[a](../../README.md)", "[a](../index.md)"),
        (
            "docs/how-to/fail-over.md",
            "[a](../reference/takeover.md#the-signal)",
            "[a](../reference/takeover.md#the-signal)",
        ),
        ("docs/how-to/add-a-kind.md", "[a](../../sbctl/core/kinds/facts.py)", "a"),
        ("README.md", "[a](https://example.com/x.md)", "[a](https://example.com/x.md)"),
        ("README.md", "[a](#below)", "[a](#below)"),
    ],
)
def test_links_hold_in_the_site(page: str, link: str, becomes: str) -> None:
    """A link to a file that is no page becomes its words."""
    assert relinked(link, page) == becomes


def test_a_file_is_no_page() -> None:
    """Only Markdown below docs/, and what joins from the checkout."""
    assert [address(name) for name in ("docs/x.png", "config/regions.json", "state/README.md")] == ["", "", ""]


def test_the_page_of_commands_is_made_from_their_help() -> None:
    """Each once; those of a kind for queues, and what flows have more."""
    text = command_page()
    for name in ("sbctl", "sbctl failover", "sbctl state restore", "sbctl queue list", "sbctl flow lint"):
        assert f"\n## {name}\n" in text
    assert "## sbctl table" not in text
