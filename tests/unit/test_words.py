"""The words that users read: the field's own, and plain. A banned phrase is named with what to write instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BANNED = {
    r"\banew\b": "again, or the verb itself: rebuild, recreate",
    r"\bwhoever\b": "the person who, or name them",
    r"\bnobody could say\b": "could not verify, unknown",
    r"\bput (it |this |them )?right\b": "correct, fix",
    r"\b(go|goes|gone|went) on with\b": "resume",
    r"\bwhat stands where\b": "what is deployed where",
    r"\b(come|comes|came) true\b": "observed",
    r"\b(come|comes|came) to (its|an|the) end\b": "finish, end",
    r"\bput out\b": "break, remove",
}
VALUES = frozenset({"made anew", "came_true"})
"""Values of the JSON schema, which stay."""
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def texts(source: str) -> Iterator[tuple[int, str]]:
    """The string constants of a file that are no docstrings, with their lines."""
    tree = ast.parse(source)
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.lineno, node.value


def banned(text: str) -> list[str]:
    """What of a text is banned, and what to write instead."""
    found = ((re.search(phrase, text, re.IGNORECASE), better) for phrase, better in BANNED.items())
    return [f"{match[0]!r}: write {better}" for match, better in found if match and text not in VALUES]


@pytest.mark.parametrize("folder", sorted(path.name for path in (ROOT / "sbctl").iterdir() if path.is_dir()))
def test_no_text_for_users_has_a_banned_phrase(folder: str) -> None:
    """Help, problems, tables: whatever a constant holds."""
    files = sorted((ROOT / "sbctl" / folder).rglob("*.py"))
    found = [
        f"{path.relative_to(ROOT)}:{line} {word}"
        for path in files
        for line, text in texts(path.read_text(encoding="utf-8"))
        for word in banned(text)
    ]
    assert found == []


def test_no_page_for_users_has_a_banned_phrase() -> None:
    """README, the pages of docs/ and what the changelog will say, but for what is in code font."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "changelog.d").glob("*.md"))]
    found = [
        f"{page.relative_to(ROOT)} {word}"
        for page in pages
        for word in banned(CODE.sub("", page.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_a_banned_phrase_is_noticed() -> None:
    """In an f-string too; not in a docstring, and not as a value of the JSON schema."""
    source = '"""Anew."""\nTEXT = f"make it anew, {1}"\nMOVED = "made anew"\n'
    assert [word for _, text in texts(source) for word in banned(text)] == [
        "'anew': write again, or the verb itself: rebuild, recreate"
    ]
