"""Content that is damaged in any way: the rules find something or nothing, and none of them fails."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from sbctl.flows.lint.around import Around
from tests.unit.flows.practice import test_other_rules, test_paths_and_menus, test_references_and_places
from tests.unit.flows.practice.flows import Case, findings, flow, invoke, menu, say

CASES = [
    *test_paths_and_menus.FOUND.values(),
    *test_references_and_places.FOUND.values(),
    *test_other_rules.FOUND.values(),
    *test_other_rules.REFUSED.values(),
]
JUNK: tuple[Any, ...] = (
    None,
    True,
    0,
    -1.5,
    10**40,
    "",
    " ",
    "$.",
    "$.$.",
    "${",
    "9" * 5_000,
    "\ud800",
    "<speak>\x00</speak>",
    "arn:aws:connect:us-east-1::instance/",
    [],
    [[]],
    {},
    {"": {}},
    ["$.External.a.b", 5, None],
    {"schema": {"properties": 5, "type": {}}},
    {"results": [{"name": {}}, 5]},
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a tree."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else list(range(len(one))) if isinstance(one, list) else []
        found += [(one, key) for key in keys]
        waiting += [one[key] for key in keys]
    return found


def damaged(case: Case, chance: random.Random) -> Case:
    """The case with one to three of its values replaced, removed or doubled."""
    content, settings = copy.deepcopy(case.content), copy.deepcopy(dict(case.settings))
    for _ in range(chance.randint(1, 3)):
        held, key = chance.choice(places(content) + places(settings))
        how = chance.randrange(4)
        if how == 0:
            del held[key]
        elif how == 1 and isinstance(held, list):
            held.append(copy.deepcopy(held[key]))
        else:
            held[key] = copy.deepcopy(chance.choice(JUNK))
        if not places(content):
            break
    return Case(content, case.type, case.around, settings, case.name)


@pytest.mark.parametrize("seed", range(8))
def test_no_rule_fails_on_damaged_content(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        case = damaged(chance.choice(CASES), chance)
        for one in findings(case):
            assert one.level in {"error", "warning"}
            assert isinstance(one.block, str)
            assert one.message


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: repr(junk)[:20])
def test_no_rule_fails_on_damaged_surroundings(junk: Any) -> None:
    around = Around(modules={"Look": junk}, flows={"Wait": "CUSTOMER_QUEUE"})
    case = test_other_rules.call("Look", [("Equals", "Other", "end")], other="x", age="5")
    findings(Case(case.content, "MODULE", around, junk))
    schema = {"input": {"schema": junk}, "resultData": junk, "transitions": junk}
    findings(Case(case.content, "MODULE", Around(modules={"Look": schema}), schema))
    values = {"input": {"schema": {"properties": {"other": junk, "age": {"type": junk}}}}}
    findings(Case(case.content, "MODULE", Around(modules={"Look": values})))


def test_a_flow_of_thousands_of_blocks() -> None:
    """Each rule walks it once or a few times."""
    size = 5_000
    row = []
    for number in range(0, size, 5):
        name, following = f"b{number}", f"b{number + 5}" if number + 5 < size else "end"
        row += [
            menu(name, "Press 1 or 2", [("Equals", "1", f"{name}-say")], other=f"{name}-say", late=name),
            say(f"{name}-say", f"Hello $.External.name $.Attributes.name{number}x", f"{name}-call"),
            invoke(f"{name}-call", f"{name}-say2"),
            say(f"{name}-say2", "Hello", f"{name}-say3"),
            say(f"{name}-say3", "Hello $.Attributes.z", following),
        ]
    assert len(findings(Case(flow(*row)))) >= size // 5


def test_text_that_is_nested_deep() -> None:
    nested: Any = "$.Nothing.x"
    for _ in range(5_000):
        nested = [nested]
    assert [one.rule for one in findings(Case(flow(invoke("a", "end", LambdaInvocationAttributes={"x": nested}))))] == [
        "reference-root"
    ]
