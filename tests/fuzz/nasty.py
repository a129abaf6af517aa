"""Values and names that have broken readers before, and strategies that draw damage made of them."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from tests.fuzz.damage import JSON_KINDS, PLACE_KINDS, Damage

NAMES = (
    "../../outside/taken",
    "/tmp/sbctl-fuzz-absolute",
    "..",
    ".",
    "",
    " ",
    "a\x00b",
    "\x1b[31mred\x1b]0;title\x07",
    "\x9b31m",
    "line\nfeed\rreturn",
    "\u202egnp.exe",
    "\u2028",
    "\ud800",
    "\udfff\ud83d",
    "[bold]markup[/nothing]",
    "{0} %s $ref ${region}",
    "*",
    "a.b.c",
    "É" * 300,
    "x" * 5_000,
    "💥",
    "-rf",
    "us-east-1",
    "2026-02-30T25:61:61Z",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59+14:00",
)
RAW = (
    "null",
    "true",
    "false",
    "0",
    "-1",
    "-0.0",
    "1.5",
    "1e999",
    "-1e999",
    "1e308",
    "99999999999999999999999999",
    "9" * 5_000,
    "NaN",
    "Infinity",
    "-Infinity",
    "{}",
    "[]",
    "[[]]",
    "[null]",
    "[{}]",
    '{"": ""}',
    '{"a": null}',
    '{"$ref": "connect_queue.us-east-1.sales#id"}',
    '{"$ref": 1}',
    '{"$ref": "nothing"}',
    '{"$unknown": []}',
    '{"$joined": {}}',
    "[" * 400 + "]" * 400,
    "[" * 990 + "]" * 990,
    '{"a":' * 700 + "1" + "}" * 700,
    "[" * 100_000 + "]" * 100_000,
    "[" * 100_000,
    '"\\ud800"',
    '"\\u0000"',
    "01",
    "'a'",
    "undefined",
    "// comment",
)
INSERTED = ("\x00", "\x1b[2J", "\x9b", "\ud800", "\ufeff", "\r", "}", '"', ",", "\\", "\x7f", "\u2028", "[" * 50_000)
CODINGS = ("utf-8-sig", "utf-16", "utf-16-be", "utf-32", "latin-1", "cp037", "utf-7")
"""cp037 is EBCDIC: not one letter stays where ASCII has it."""


def _places() -> st.SearchStrategy[int]:
    return st.integers(0, 10_000_000)


def values() -> st.SearchStrategy[str]:
    """A JSON text, or what is nearly one."""
    plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    trees = st.recursive(
        plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner), max_leaves=6
    )
    return st.sampled_from(RAW) | st.sampled_from(NAMES).map(json.dumps) | trees.map(json.dumps)


def damages() -> st.SearchStrategy[Damage]:
    """One damage of any kind; those behind checksums and syntax are the most frequent, since they get the furthest."""
    in_json = st.builds(Damage, st.sampled_from(JSON_KINDS[:1] * 3 + JSON_KINDS), _places(), values())
    inserted = st.builds(Damage, st.just("insert"), _places(), st.sampled_from(INSERTED))
    recoded = st.builds(Damage, st.just("recode"), st.just(0), st.sampled_from(CODINGS))
    cut = st.builds(Damage, st.sampled_from(("flip", "cut", "empty")), _places())
    placed = st.builds(Damage, st.sampled_from(PLACE_KINDS), _places(), st.sampled_from(NAMES))
    kinds = (in_json,) * 9 + (inserted,) * 2 + (recoded, cut, cut, placed, placed)
    return st.sampled_from(kinds).flatmap(lambda one: one)
