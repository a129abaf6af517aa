"""Every row of the facts against the linter: a sound action has no finding, and each thing that is wrong has its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sbctl.core.flow_document import FlowDocument
from sbctl.flows.language.facts import Action, actions, renamed_types
from sbctl.flows.lint.around import Around
from sbctl.flows.lint.finding import Finding
from sbctl.flows.lint.lint import lint_document
from sbctl.flows.lint.rules import ACCEPTANCE
from tests.unit.flows.samples import FORMS, condition, flow, flow_type, sample, value_of

TYPES = sorted(actions())
Case = tuple[str, dict[str, Any], str, str]
"""(what is wrong, the action, the rule, the level)."""


def found(action: dict[str, Any], facts: Action) -> list[Finding]:
    """The findings of acceptance on a flow with this action."""
    kind = flow_type(facts)
    document = FlowDocument("F", kind, "", flow(action, kind=kind), "f.json")
    acceptance = {one.name for one in ACCEPTANCE}
    return [one for one in lint_document(document) if one.rule in acceptance and one.block in ("a", "")]


def without(action: dict[str, Any], name: str) -> dict[str, Any]:
    kept = {key: value for key, value in action["Parameters"].items() if key != name}
    return {**action, "Parameters": kept}


def given(action: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**action, "Parameters": {**action["Parameters"], **more}}


def turned(action: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**action, "Transitions": {**action["Transitions"], **more}}


def _parameters(name: str, facts: Action) -> Iterator[Case]:
    sound = sample(name)
    for key, parameter in facts.parameters.items():
        if parameter.missing:
            yield f"without {key}", without(sound, key), "parameter-missing", parameter.missing
    for key in sorted(facts.refused_parameters):
        yield f"with {key}", given(sound, **{key: "x"}), "parameter-refused", "error"
    yield "with an unknown parameter", given(sound, Xylophone="x"), "parameter-unknown", "warning"
    for group in facts.groups:
        bare = sound
        for key in group.keys:
            bare = without(bare, key)
        if group.least and group.too_few:
            yield f"without {group.keys}", bare, "parameter-group", group.too_few
        if group.too_many and len(group.keys) > group.most:
            many = {key: value_of(facts.parameters[key]) for key in group.keys[: group.most + 1]}
            yield f"with {list(many)}", given(bare, **many), "parameter-group", group.too_many


def _values(name: str, facts: Action) -> Iterator[Case]:
    sound = sample(name)
    for key, parameter in facts.parameters.items():
        if parameter.facts.get("values"):
            level = parameter.facts.get("value_level", "warning")
            yield f"{key} of another value", given(sound, **{key: "Xylophone"}), "value", level
        if parameter.kind == "integer-string" and "max" in parameter.facts:
            level = parameter.facts.get("range_level", "warning")
            above = given(sound, **{key: str(parameter.facts["max"] + 1)})
            yield f"{key} too large", above, _range_rule(name), level
        if parameter.missing == "error" and parameter.kind not in ("object", "map", "list"):
            yield f"{key} empty", given(sound, **{key: ""}), _empty_rule(facts, key), "error"


def _range_rule(name: str) -> str:
    ranges = {"Loop": "loop-count", "Wait": "wait", "InvokeLambdaFunction": "lambda-timeout"}
    return {**ranges, "CreateCallbackContact": "callback"}.get(name, "value-range")


def _empty_rule(facts: Action, key: str) -> str:
    return "id-empty" if key in facts.references else "text-empty"


def _branches(name: str, facts: Action) -> Iterator[Case]:
    sound = sample(name)
    if facts.next == "forbidden":
        yield "that goes on", turned(sound, NextAction="end"), "terminal", "error"
        return
    there = sound["Transitions"]
    if facts.next:
        cut = {key: value for key, value in there.items() if key != "NextAction"}
        yield "without a next action", {**sound, "Transitions": cut}, "next-missing", facts.next
    for key, error in facts.errors.items():
        rest = [one for one in there["Errors"] if one["ErrorType"] != key]
        more = [*rest, {"NextAction": "end", "ErrorType": key}]
        if error.presence == "required" or key in FORMS.get(name, ()):
            yield f"without the error {key}", turned(sound, Errors=rest), "error-missing", error.level
        if error.presence == "forbidden":
            yield f"with the error {key}", turned(sound, Errors=more), "error-refused", error.level
    strange = [*there["Errors"], {"NextAction": "end", "ErrorType": "XylophoneError"}]
    yield "with an unknown error", turned(sound, Errors=strange), "error-unknown", "warning"


def _conditions(name: str, facts: Action) -> Iterator[Case]:
    sound, known = sample(name), facts.conditions
    if facts.next == "forbidden":
        return
    there = sound["Transitions"]["Conditions"]
    if known.mode == "none":
        more = turned(sound, Conditions=[condition("Equals", "1")])
        yield "with a condition", more, "condition-unsupported", "warning"
        return
    for operand in known.required_operands:
        rest = [one for one in there if one["Condition"]["Operands"] != [operand]]
        yield f"without the branch {operand}", turned(sound, Conditions=rest), "branch-missing", "error"
    if known.minimum:
        yield "without conditions", turned(sound, Conditions=[]), "branch-missing", "error"
    operator = known.operators[0]
    empty = turned(sound, Conditions=[*there, condition(operator, "")])
    yield "with an empty operand", empty, "compare-empty", "error"
    if operator == "Equals":
        twice = turned(sound, Conditions=[*there, condition(operator, "1", "2")])
        yield "with two operands", twice, "operand-count", "error"
    strange = turned(sound, Conditions=[*there, condition("Resembles", (known.operands or ("1",))[0])])
    yield "with an unknown operator", strange, "operator-unknown", "warning"
    for refused in known.refused:
        worse = turned(sound, Conditions=[*there, condition(refused, "1")])
        yield f"with the operator {refused}", worse, "operator-refused", "error"
    if known.operands is not None:
        other = turned(sound, Conditions=[*there, condition(operator, "Xylophone")])
        yield "with another branch", other, "operand-unknown", known.extra


def cases(name: str) -> Iterator[Case]:
    facts = actions()[name]
    for one in (_parameters, _values, _branches, _conditions):
        yield from one(name, facts)


@pytest.mark.parametrize("name", TYPES)
def test_a_sound_action_has_no_finding(name: str) -> None:
    """Of every type, with what must be there and nothing else."""
    assert found(sample(name), actions()[name]) == []


@pytest.mark.parametrize("name", TYPES)
def test_each_thing_that_is_wrong_is_found_alone(name: str) -> None:
    """By its rule and at the level of the facts."""
    facts = actions()[name]
    missed = []
    for what, action, rule, level in cases(name):
        levels = {(one.rule, one.level) for one in found(action, facts)}
        if (rule, level) not in levels:
            missed.append((what, rule, level, sorted(levels)))
    assert missed == []


@pytest.mark.parametrize("name", TYPES)
def test_an_error_is_found_only_where_the_facts_say_so(name: str) -> None:
    """What is only unknown never stops a flow that AWS may take."""
    facts = actions()[name]
    for what, action, _, level in cases(name):
        if level == "warning":
            errors = [one for one in found(action, facts) if one.level == "error"]
            assert errors == [], what


@pytest.mark.parametrize("name", [name for name in TYPES if actions()[name].refused_in])
def test_a_refused_type_of_flow_is_an_error_only_where_it_is_known(name: str) -> None:
    """A type that was guessed makes it a warning."""
    for kind in sorted(actions()[name].refused_in):
        document = FlowDocument("F", kind, "", flow(sample(name), kind=kind), "f.json")
        for known, level in ((True, "error"), (False, "warning")):
            levels = {
                one.level for one in lint_document(document, Around(type_is_known=known)) if one.rule == "flow-type"
            }
            assert levels == {level}, (kind, known)


@pytest.mark.parametrize("name", sorted(renamed_types()))
def test_a_name_of_the_console_is_told_with_what_to_write(name: str) -> None:
    """At its own level."""
    renamed = renamed_types()[name]
    action = {"Identifier": "a", "Type": name, "Parameters": {}, "Transitions": {"NextAction": "end"}}
    (one,) = [
        one for one in lint_document(FlowDocument("F", "CONTACT_FLOW", "", flow(action), "f")) if one.block == "a"
    ]
    assert (one.rule, one.level) == ("legacy-name", renamed.level)
    assert renamed.write in one.fix


@pytest.mark.parametrize("name", TYPES)
def test_a_misspelt_type_is_a_warning_with_the_right_one(name: str) -> None:
    """One letter less."""
    action = {**sample(name), "Type": name[:3] + name[4:]}
    findings = [
        one for one in lint_document(FlowDocument("F", "CONTACT_FLOW", "", flow(action), "f")) if one.block == "a"
    ]
    assert [(one.rule, one.level, one.fix) for one in findings if one.path[-1] == "Type"] == [
        ("near-miss", "warning", f"Did you mean {name}?")
    ]
