"""Every row of the simulated Connect's table of actions: what it must have, what it may, what is refused, each on its own.

The table says "must" and "never" where the service was seen to refuse, "should" where only a page wants it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sbctl.flows.language import facts
from sbctl.sandbox.connect.flow_language.accepted import Accepted, actions, no_types
from tests.sandbox.flow_samples import (
    MODULE,
    TYPES,
    Bench,
    branching,
    condition,
    errors,
    flow,
    given,
    home,
    wired,
    without,
)

KINDS = sorted(actions())
MUST, SHOULD, NEVER = "must", "should", "never"
PARAMETER = "Action is missing required property. Path: Actions[0].Parameters.{}"
NEXT = "Action is missing required property. Path: Actions[0].Transitions.NextAction"
ERROR = "Action is missing required error. Error: {}, Path: Actions[0]"
WRONG = "Invalid Action property value. Path: Actions[0].{}"
ENDS = "Action does not support transitions. Path: Actions[0]"
CONDITIONS = "Action is missing required property. Path: Transitions.Conditions"
OWN_CONDITIONS = {"AuthenticateParticipant": WRONG.format("Transitions.Conditions")}
NO_TYPE = "Invalid Action type. Type: {0}, Path: Actions[0].Type"


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def row(kind: str) -> Accepted:
    return actions()[kind]


def test_the_table_is_complete() -> None:
    """68 types, the same as the product knows by its own table; 37 names that are none."""
    assert len(KINDS) == 68
    assert len(no_types()) == 37
    assert set(KINDS) == set(facts.actions())
    assert not no_types() & set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_action_is_taken(bench: Bench, kind: str) -> None:
    """With all that it must and should have; with each parameter that it may have beside; in every type but those refused."""
    sample, accepted = bench.sample(kind), row(kind)
    assert bench.of(sample) == []
    together = {name for choice in accepted.sets for name in choice.of} | {"InputValidation", "EnableDTMFBuffer"}
    for name, parameter in accepted.takes.items():
        if name not in sample["Parameters"] and name not in together | {"RoutingProficiencies"}:
            assert bench.of(given(sample, **{name: bench.value(name, parameter)})) == [], name
    for place in TYPES:
        refused = place in accepted.never_in or accepted.modules_only
        assert bench.of(sample, place) == ([NO_TYPE.format(kind)] if refused else []), place
    assert bench.of(sample, MODULE) == []


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_one_by_one(bench: Bench, kind: str) -> None:
    """Without each that must be there, with an empty one, with each that was seen refused, with one that nobody knows."""
    sample, accepted = bench.sample(kind), row(kind)
    for name, parameter in accepted.takes.items():
        if not parameter.need:
            continue
        said = bench.of(without(sample, "Parameters", name))
        assert (PARAMETER.format(name) in said) == (parameter.need == MUST), (name, said)
        assert said == [] or parameter.need == MUST, (name, said)
        assert WRONG.format(f"Parameters.{name}") in bench.of(given(sample, **{name: ""})), name
    for name in accepted.spurns:
        assert bench.of(given(sample, **{name: "x"})) == ["Invalid Action property name"], name
    assert bench.of(given(sample, NobodyKnowsThis="x")) == []


def outside(kind: str) -> Iterator[tuple[str, object, bool]]:
    """Values outside of what the table says, and whether the service was seen to refuse such."""
    for name, parameter in row(kind).takes.items():
        if parameter.words:
            yield name, "other", parameter.words_only
        if parameter.low is not None:
            yield name, str(parameter.low - 1), parameter.bounds_only
            yield name, "soon", parameter.bounds_only
        if parameter.high is not None:
            yield name, str(parameter.high + 1), parameter.bounds_only
            yield name, parameter.high + 1, parameter.bounds_only
        if parameter.most is not None and parameter.holds == "map":
            many = {f"k{number}": "v" for number in range(parameter.most + 1)}
            yield name, many, parameter.count_only
        if parameter.fewest:
            yield name, [], parameter.count_only


@pytest.mark.parametrize("kind", KINDS)
def test_values_outside(bench: Bench, kind: str) -> None:
    """Words, numbers and counts that the service was seen to refuse are refused, others are taken."""
    sample = bench.sample(kind)
    for name, value, refused in outside(kind):
        if name in ("EnableDTMFBuffer", "EventHooks"):
            continue  # the first makes another form, the second names flows
        said = bench.of(given(sample, **{name: value}))
        expected = "More than 6 tags in Parameters.Tags" if name == "Tags" else WRONG.format(f"Parameters.{name}")
        assert (expected in said) == refused, (name, value, said)
        assert said == [] or refused, (name, value, said)
        assert bench.of(given(sample, **{name: "$.Attributes.later"})) == [], name


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_at_their_bounds(bench: Bench, kind: str) -> None:
    """Are taken, as texts and as JSON's own numbers."""
    sample = bench.sample(kind)
    for name, parameter in row(kind).takes.items():
        for bound in (parameter.low, parameter.high):
            for value in () if bound is None else (str(bound), bound):
                made = without(sample, "Parameters", name) if name in sample["Parameters"] else sample
                assert bench.of(given(made, **{name: value})) == [], (name, value)


@pytest.mark.parametrize("kind", KINDS)
def test_errors_one_by_one(bench: Bench, kind: str) -> None:
    """Without each that must be there, with each that was seen refused, with one that nobody knows."""
    sample, accepted = bench.sample(kind), row(kind)
    if accepted.ends:
        assert bench.of(wired(sample, "NoMatchingError")) == [ENDS]
        return
    there = errors(sample)
    for name in there:
        said = bench.of(wired(sample, *(other for other in there if other != name)))
        strong = accepted.wires[name] in (MUST, "by_form")
        assert said == ([ERROR.format(name)] if strong else []), name
    for name, presence in accepted.wires.items():
        if presence == NEVER:
            assert bench.of(wired(sample, *there, name)) == [f"Invalid Action error. Error: {name}"], name
        elif presence == "any":
            assert bench.of(wired(sample, *there, name)) == [], name
    assert bench.of(wired(sample, *there, "NobodyKnowsThis")) == []


@pytest.mark.parametrize("kind", KINDS)
def test_where_it_leads(bench: Bench, kind: str) -> None:
    """A next action where there must be one, none where there can be none, and nothing that is not there."""
    sample, accepted = bench.sample(kind), row(kind)
    leads = {**sample, "Transitions": {**sample["Transitions"], "NextAction": "end"}}
    nowhere = {**sample, "Transitions": {**sample["Transitions"], "NextAction": "gone"}}
    assert WRONG.format("Transitions.NextAction") in bench.of(nowhere)
    if accepted.ends:
        assert bench.of(leads) == [ENDS]
        assert bench.of(without(sample, "Transitions")) == []
        return
    said = bench.of(without(sample, "Transitions", "NextAction"))
    assert said == ([NEXT] if accepted.goes_on == MUST else [])


@pytest.mark.parametrize("kind", KINDS)
def test_branches_one_by_one(bench: Bench, kind: str) -> None:
    """Without each that must be there, with an empty operand, with operators that were seen refused."""
    sample, branches = bench.sample(kind), row(kind).branches
    if row(kind).ends:
        assert bench.of(branching(sample, condition("x"))) == [ENDS]
        return
    there = sample["Transitions"]["Conditions"]
    assert "Invalid branch. Path: 0.Evaluate" in bench.of(branching(sample, *there, condition("")))
    for operator in ("Contains", "Not", "All", "Any"):
        place = f"Transitions.Conditions[{len(there)}].Condition.Operator"
        assert WRONG.format(place) in bench.of(branching(sample, *there, condition("x", operator))), operator
    if branches is None:
        assert bench.of(branching(sample, condition("x"))) == []
        return
    assert bool(branches.need) == bool(bench.of(branching(sample)))
    if branches.need:
        assert bench.of(branching(sample)) == [OWN_CONDITIONS.get(kind, CONDITIONS)]
    for gone in branches.each if len(branches.each) > 1 else ():
        kept = [one for one in there if one["Condition"]["Operands"] != [gone]]
        assert bench.of(branching(sample, *kept)) == [WRONG.format("Transitions.Conditions")], gone
    if branches.operands:
        said = bench.of(branching(sample, *there, condition("NobodyKnowsThis")))
        assert said == ([WRONG.format("Transitions.Conditions")] if branches.operands_only else [])


@pytest.mark.parametrize(
    ("kind", "place"), [(kind, place) for kind in KINDS for place in range(len(actions()[kind].sets))]
)
def test_what_goes_together(bench: Bench, kind: str, place: int) -> None:
    """None of several, and several of which there may be one."""
    sample, choice = bench.sample(kind), row(kind).sets[place]
    values = {name: bench.value(name, row(kind).takes[name]) for name in choice.of}
    bare = sample
    for name in choice.of:
        bare = without(bare, "Parameters", name) if name in bare["Parameters"] else bare
    listed = ", ".join(f"Parameters.{name}" for name in choice.of)
    none = f"At least one of the following properties must be set. Properties: [{listed}], Path: Actions[0]"
    if kind == "UpdateContactRecordingAndAnalyticsBehavior":
        none = WRONG.format("Parameters")
    said = bench.of(bare)
    assert (none in said) == (choice.fewest > 0 and choice.too_few == MUST), said
    if choice.most < len(choice.of):
        two = dict(list(values.items())[: choice.most + 1])
        assert (WRONG.format("Parameters") in bench.of(given(bare, **two))) == (choice.too_many == MUST)


def test_the_page_names_what_is_taken_without_its_resource(bench: Bench) -> None:
    """Bots, cases, profiles and more: the service says so of itself, and so does the page of coverage."""
    lacking = [kind for kind in KINDS if row(kind).lacks]
    assert len(lacking) == 21
    assert {"ConnectParticipantWithLexBot", "CreateCase", "GetCustomerProfile"} <= set(lacking)
    (told,) = (note for note in bench.centre.service.differs if "without what they use" in note)
    assert all(kind in told for kind in lacking)


def test_names_that_are_no_types(bench: Bench) -> None:
    """Each that was seen refused is, twice as the service says it; any other unknown name is taken, near as it may be."""
    for name in sorted(no_types()):
        assert bench.of({"Identifier": "a", "Type": name}) == [NO_TYPE.format(name)] * 2
    for name in ("CheckSegmentMembership", "LoopPrompts", "TransferParticipantToQueue", "NextYearsAction"):
        assert bench.of({"Identifier": "a", "Type": name, "Parameters": {"x": ""}}) == []


def test_every_problem_at_once(bench: Bench) -> None:
    """One call says all that is wrong with all actions, each by its place."""
    made = [{"Identifier": f"a{number}", "Type": "TransferToFlow"} for number in range(3)]
    said = bench.said(flow(*made))
    for number in range(3):
        assert PARAMETER.format("ContactFlowId").replace("[0]", f"[{number}]") in said
        assert NEXT.replace("[0]", f"[{number}]") in said
        assert ERROR.format("NoMatchingError").replace("[0]", f"[{number}]") in said


def test_samples_stand_where_they_may() -> None:
    """What makes the samples of this test finds a place for each type."""
    assert {home(accepted) for accepted in actions().values()} <= {*TYPES, MODULE}
