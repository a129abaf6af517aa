"""What an action is given: which parameters, how many of those that go together, and their values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sbctl.sandbox.connect.flow_language.accepted import MUST, Accepted, Choice, Parameter
from sbctl.sandbox.connect.flow_language.reading import Step
from sbctl.sandbox.connect.flow_language.saying import TOO_MANY_TAGS, UNKNOWN_PARAMETER, Said, missing, none_of, wrong

REFERENCES = ("$.", "$[")
"""How a value that is read from the contact begins; it may stand inside a text."""


def is_static(value: Any) -> bool:
    """Whether a value says all by itself, without a reference to the contact."""
    return not (isinstance(value, str) and any(mark in value for mark in REFERENCES))


def parameters(step: Step, accepted: Accepted) -> Iterator[Said]:
    """What is wrong with the parameters of an action."""
    for name in step.parameters:
        if name not in accepted.takes:
            yield Said(UNKNOWN_PARAMETER, name in accepted.spurns)
    for name, parameter in accepted.takes.items():
        if step.has(name):
            yield from _value(step, name, parameter)
        elif parameter.need and not step.has(parameter.need_unless):
            yield Said(missing(step.number, f"Parameters.{name}"), parameter.need == MUST)
    for choice in accepted.sets:
        yield from _choice(step, choice)


def _choice(step: Step, choice: Choice) -> Iterator[Said]:
    given = sum(step.has(name) for name in choice.of)
    if given < choice.fewest:
        behaviours = all(name.endswith("Behavior") for name in choice.of)  # these have a text of their own
        text = wrong(step.number, "Parameters") if behaviours else none_of(step.number, choice.of)
        yield Said(text, choice.too_few == MUST)
    elif given > choice.most:
        yield Said(wrong(step.number, "Parameters"), choice.too_many == MUST)


def _value(step: Step, name: str, parameter: Parameter) -> Iterator[Said]:
    value = step.parameters[name]
    text = wrong(step.number, f"Parameters.{name}")
    if value == "":
        yield Said(text, bool(parameter.need))
    elif parameter.words or parameter.low is not None:
        yield from _scalar(value, parameter, text)
    elif isinstance(value, dict | list):
        yield from _entries(step, name, parameter)
    elif parameter.reference_only and is_static(value):
        yield Said(text, refused=False)


def _scalar(value: Any, parameter: Parameter, text: str) -> Iterator[Said]:
    """A word or a number. JSON's own numbers and booleans are taken."""
    if not is_static(value):
        return
    if isinstance(value, dict | list):
        yield Said(text, parameter.words_only or parameter.bounds_only)
        return
    if parameter.words and str(value) not in parameter.words:
        yield Said(text, parameter.words_only)
    if parameter.low is not None and not isinstance(value, bool) and not _within(value, parameter):
        yield Said(text, parameter.bounds_only)


def _within(value: Any, parameter: Parameter) -> bool:
    try:
        number = int(str(value))
    except ValueError:
        return False
    return (parameter.low is None or number >= parameter.low) and (parameter.high is None or number <= parameter.high)


def _entries(step: Step, name: str, parameter: Parameter) -> Iterator[Said]:
    value = step.parameters[name]
    if parameter.most is not None and len(value) > parameter.most:
        text = TOO_MANY_TAGS if name == "Tags" else wrong(step.number, f"Parameters.{name}")
        yield Said(text, parameter.count_only)
    if len(value) < parameter.fewest:
        yield Said(wrong(step.number, f"Parameters.{name}"), parameter.count_only)
    for inner in parameter.inner_need:
        found = value.get(inner) if isinstance(value, dict) else None
        if found is None or found == "":
            yield Said((missing if found is None else wrong)(step.number, f"Parameters.{name}.{inner}"))
