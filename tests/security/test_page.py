"""The page on security names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/security.md"


def test_every_promise_has_its_test() -> None:
    """Each name on the page is a test of the file that it, or the name before it, gives."""
    file, missing, seen = Path(), [], 0
    for path, name in re.findall(r"`(tests/[\w/]+\.py)?::(test_\w+)`", PAGE.read_text(encoding="utf-8")):
        file = ROOT / path if path else file
        seen += 1
        if f"def {name}(" not in file.read_text(encoding="utf-8"):
            missing.append(f"{file.name}::{name}")
    assert seen > 40
    assert missing == []


def test_every_test_of_these_stands_on_the_page_by_its_file() -> None:
    """A file of tests/security/ that the page does not name is a promise that nobody reads."""
    named = set(re.findall(r"tests/security/(\w+\.py)", PAGE.read_text(encoding="utf-8")))
    assert {path.name for path in Path(__file__).parent.glob("test_*.py")} - {Path(__file__).name} == named
