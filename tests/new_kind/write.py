"""Fills the templates: the product's file, the sandbox's, and the tests of both. Existing files are left alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

from sbctl.core.kinds.discover import discover
from tests.new_kind.operations import missing, operations

TEMPLATES = Path(__file__).parent / "templates"
LAST_RANK = 99


class Refused(Exception):  # noqa: N818 - says what is wrong
    """Raised when nothing was written; the text says why and what to do."""


def write_kind(root: Path, name: str, noun: str = "") -> list[Path]:
    """Write the files of a kind below `root`, and return their paths. Raises Refused."""
    if not re.fullmatch(r"connect(_[a-z]+)+", name):
        raise Refused(f"{name!r} is no name of a Connect kind: use lower case words, as in connect_quick_connect")
    noun = noun or "".join(word.title() for word in name.split("_")[1:])
    lacking = missing(noun)
    if lacking:
        raise Refused(
            f"AWS has no operation {', '.join(lacking)}. Name its word with --noun (NOUN=... for make);"
            " a kind that lacks one of them is written by hand: docs/how-to/add-a-kind.md"
        )
    contents = _contents(name, noun)
    there = [path for path in contents if (root / path).exists()]
    if there:
        raise Refused(f"{', '.join(there)} is there already: remove it, or choose another name")
    for path, text in contents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return [root / path for path in contents]


def _contents(name: str, noun: str) -> dict[str, str]:
    """Path → text."""
    short = name.removeprefix("connect_")
    paths = {
        "kind": f"sbctl/resources/{name}.py",
        "sandbox": f"sbctl/sandbox/connect/routing/{short}s.py",
        "kind_test": f"tests/unit/resources/connect/test_{name}.py",
        "sandbox_test": f"tests/sandbox/test_{name}s.py",
    }
    words = _words(name, noun)
    return {path: _filled(template, words) for template, path in paths.items()}


def _filled(template: str, words: Mapping[str, str]) -> str:
    text = (TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(words)


def _words(name: str, noun: str) -> dict[str, str]:
    short = name.removeprefix("connect_")
    section = re.sub(r"_([a-z])", lambda match: match[1].upper(), short) + "s"
    found = operations(noun)
    return {
        "name": name,
        "short": short,
        "title": short.replace("_", " "),
        "section": section,
        "noun": noun,
        "create": found.create,
        "search": found.search,
        "describe": found.describe,
        "update": found.update,
        "delete": found.delete,
        "rows": found.rows,
        "row": found.row,
        "id": found.id,
        "arn": f"{found.id.removesuffix('Id')}Arn",
        "needed": ", ".join(found.needed) or "nothing",
        "kind": short.replace("_", "-"),
        "rank": str(free_rank()),
        "verb_create": _snake(found.create),
        "verb_describe": _snake(found.describe),
        "verb_search": _snake(found.search),
        "verb_delete": _snake(found.delete),
    }


def free_rank() -> int:
    """The last rank that no kind has: its author moves it to where it belongs."""
    taken: set[int] = {kind.impact_rank for kind in discover("sbctl.resources", "RESOURCE").values()}
    return max(rank for rank in range(1, LAST_RANK) if rank not in taken)


def _snake(operation: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
