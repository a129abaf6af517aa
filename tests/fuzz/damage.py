"""What can be done to a file: its bytes broken, a JSON value in it made another, or something else put in its place.

A `Damage` is data, so that a failing input can be printed and made again; a form knows the checksums of its format, so that
damage is also tried on what lies behind them.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "flip",
    "cut",
    "insert",
    "recode",
    "empty",
    "value",
    "drop",
    "twice",
    "rename",
    "folder",
    "missing",
    "loop",
    "dangling",
    "outside",
    "unreadable",
    "copied-as",
]
JSON_KINDS: tuple[Kind, ...] = ("value", "drop", "twice", "rename")
BYTE_KINDS: tuple[Kind, ...] = ("flip", "cut", "insert", "recode", "empty")
PLACE_KINDS: tuple[Kind, ...] = ("folder", "missing", "loop", "dangling", "outside", "unreadable", "copied-as")
_MARK = "\ue000"
_KEY = "\ue001"


@dataclass(frozen=True)
class Damage:
    """One thing that is done to a file. `at` says where, counted round; `text` is what is put there: JSON, or a name."""

    kind: Kind
    at: int = 0
    text: str = ""


@dataclass(frozen=True)
class Form:
    """How a format keeps its JSON: `open` gives the texts in it, `close` makes the file of them, checksums included."""

    open: Callable[[bytes], list[str]]
    close: Callable[[list[str]], bytes]


def _state_text(content: bytes) -> list[str]:
    return [json.dumps(json.loads(content)["state"])]


def _sealed(texts: list[str]) -> bytes:
    try:
        canonical = json.dumps(json.loads(texts[0]), sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()
    except (ValueError, RecursionError):
        digest = ""
    return f'{{"sha256": "{digest}", "state": {texts[0]}}}'.encode()


def _lines_texts(content: bytes) -> list[str]:
    return [line.partition(b" ")[2].decode() for line in content.splitlines()]


def _checked_lines(texts: list[str]) -> bytes:
    return b"".join(b"%08x %s\n" % (zlib.crc32(text.encode()), text.encode()) for text in texts)


def _plan_text(content: bytes) -> list[str]:
    plan = json.loads(content)
    plan.pop("sha256")
    return [json.dumps(plan)]


def _sealed_plan(texts: list[str]) -> bytes:
    try:
        digest = hashlib.sha256(json.dumps(json.loads(texts[0]), sort_keys=True).encode()).hexdigest()
    except (ValueError, RecursionError):
        digest = ""
    head, _, rest = texts[0].partition("{")
    return f'{head}{{"sha256": "{digest}", {rest}'.encode()


PLAIN = Form(lambda content: [content.decode()], lambda texts: texts[0].encode())
STATE = Form(_state_text, _sealed)
SAVED_PLAN = Form(_plan_text, _sealed_plan)
LINES = Form(_lines_texts, _checked_lines)


def damaged(content: bytes, damage: Damage, form: Form) -> bytes:
    """The content of a file after the damage; as it was, where there is nothing that such damage could be done to."""
    if damage.kind in JSON_KINDS:
        try:
            texts = form.open(content)
            index = damage.at % len(texts)
            texts[index] = _edited(texts[index], damage)
            return form.close(texts)
        except (ValueError, RecursionError, KeyError, TypeError, ZeroDivisionError):
            return content  # earlier damage: it is no JSON any more
    return _broken(content, damage)


def _broken(content: bytes, damage: Damage) -> bytes:
    place = damage.at % (len(content) + 1)
    match damage.kind:
        case "flip" if place < len(content):
            return content[:place] + bytes([content[place] ^ (1 << damage.at % 8)]) + content[place + 1 :]
        case "cut":
            return content[:place]
        case "insert":
            return content[:place] + damage.text.encode(errors="surrogatepass") + content[place:]
        case "recode":
            return content.decode(errors="replace").encode(damage.text, errors="replace")
        case "empty":
            return b""
    return content


def _edited(text: str, damage: Damage) -> str:
    """The JSON text with one member or element changed. What is put there need not be JSON that json.dumps would write."""
    tree = json.loads(text)
    paths = list(_paths(tree, ()))
    path = paths[damage.at // 7 % len(paths)]
    if not path:
        return damage.text if damage.kind == "value" else text
    holder = tree
    for part in path[:-1]:
        holder = holder[part]
    last = path[-1]
    old = json.dumps(holder[last])
    if damage.kind == "drop" or (damage.kind == "rename" and isinstance(last, int)):
        del holder[last]
        return json.dumps(tree)
    if damage.kind == "rename":
        holder[_KEY] = holder.pop(last)
        key = damage.text if damage.text.startswith('"') else json.dumps(damage.text)
        return json.dumps(tree).replace(json.dumps(_KEY), key)
    holder[last] = _MARK
    again = f", {old}" if isinstance(last, int) else f", {json.dumps(last)}: {damage.text}"
    return json.dumps(tree).replace(json.dumps(_MARK), damage.text if damage.kind == "value" else old + again)


def _paths(tree: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    yield path
    members = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in members:
        yield from _paths(value, (*path, key))
