"""Actions that the simulated Connect takes, made from its own table, and a bench that tries them and what is done to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from sbctl.sandbox.connect.flow_language.accepted import Accepted, Parameter, actions
from tests.sandbox.connect_calls import Centre
from tests.sandbox.connect_instance import SETTINGS, content

MODULE = "MODULE"
"""In place of a flow's type."""
TYPES = (
    *("CONTACT_FLOW", "CUSTOMER_QUEUE", "CUSTOMER_HOLD", "CUSTOMER_WHISPER", "AGENT_HOLD", "AGENT_WHISPER"),
    *("OUTBOUND_WHISPER", "AGENT_TRANSFER", "QUEUE_TRANSFER"),
)
FORM_ERRORS: Mapping[str, tuple[str, ...]] = {
    "GetParticipantInput": ("NoMatchingCondition", "InputTimeLimitExceeded"),
    "TransferParticipantToThirdParty": ("CallFailed", "ConnectionTimeLimitExceeded"),
}
"""What the samples' forms want beside the table."""
CONTRACT = json.dumps(
    {
        "input": {"schema": {"properties": {"name": {"type": "string"}, "count": {"type": "integer"}}}},
        "resultData": {"schema": {"properties": {"name": {"type": "string"}, "found": {"type": "boolean"}}}},
        "transitions": {"results": [{"name": "Good", "description": "It went well"}, {"name": "Bad"}]},
    }
)
SHAPED: Mapping[str, Any] = {
    "ChatProcessor": {
        "ChatProcessorSettings": {"DeliverUnprocessedMessages": "True"},
        "ProcessingEnabled": "True",
    },
    "FlowAttributes": {"a": {"Value": "b"}},
    "Input": {"name": "x", "count": 3},
    "Messages": [{"Text": "x"}],
    "Result": "Good",
    "ResultData": {"name": "$.Attributes.a", "found": True},
}
"""Parameters whose values have a shape of their own."""
Action = dict[str, Any]


class Bench:
    """An instance with one of each thing that flows name, and a flow of each type that takes contents in turn."""

    def __init__(self) -> None:
        self.centre = centre = Centre()
        queue = centre.ask("ListQueues")["QueueSummaryList"][0]
        hours = centre.ask("ListHoursOfOperations")["HoursOfOperationSummaryList"][0]
        prompt = centre.ask("CreatePrompt", Name="Hello", S3Uri="s3://audio/hello.wav")
        module = content("MessageParticipant", {"Text": "x"}, "EndFlowModuleExecution")
        made = centre.ask("CreateContactFlowModule", Name="Look", Content=module, Settings=CONTRACT)
        own = centre.ask("CreateContactFlowModule", Name="Own", Content=module, Settings=CONTRACT)
        self._own = str(own["Id"])
        self._flows = {kind: self._flow(kind) for kind in (*TYPES, "CAMPAIGN")}
        self.named: dict[str, str] = {
            "queue": str(queue["Arn"]),
            "hours": str(hours["Arn"]),
            "prompt": str(prompt["PromptARN"]),
            "module": str(made["Arn"]),
            "flow": f"{centre.arn}/contact-flow/{self._flows['CONTACT_FLOW']}",
        }

    def _flow(self, kind: str) -> str:
        made = self.centre.ask("CreateContactFlow", Name=kind, Type=kind, Content="{}", Status="SAVED")
        return str(made["ContactFlowId"])

    def said(self, text: str, kind: str = "CONTACT_FLOW") -> list[str]:
        """What is said of content that is published as a flow of a type, or as a module; empty where it is taken."""
        if kind == MODULE:
            at = {"ContactFlowModuleId": self._own}
            return self.centre.problems("UpdateContactFlowModuleContent", **at, Content=text)
        return self.centre.problems("UpdateContactFlowContent", ContactFlowId=self._flows[kind], Content=text)

    def of(self, action: Action, kind: str = "") -> list[str]:
        """What is said of an action as the first of a flow, where its type may stand."""
        return self.said(flow(action), kind or home(actions().get(action["Type"])))

    def sample(self, kind: str) -> Action:
        """An action of a type with all that it must and should have."""
        accepted = actions()[kind]
        return {
            "Identifier": "a",
            "Type": kind,
            "Parameters": {name: self.value(name, accepted.takes[name]) for name in _needed(accepted)},
            "Transitions": {} if accepted.ends else _transitions(kind, accepted),
        }

    def value(self, name: str, parameter: Parameter) -> Any:
        """Something that a parameter takes."""
        if name in SHAPED or name == "EventHooks":
            return SHAPED.get(name, {"CustomerQueue": self.named["flow"]})
        if parameter.words:
            return parameter.words[-1]
        if parameter.holds in self.named:
            return self.named[parameter.holds]
        if parameter.inner_need:
            return dict.fromkeys(parameter.inner_need, "x")
        plain: dict[str, Any] = {"object": {"a": "b"}, "map": {"a": "b"}, "list": ["a"], "path": "$.Attributes.a"}
        return plain.get(parameter.holds, str(parameter.low or 1) if parameter.low is not None else "x")


def _needed(accepted: Accepted) -> Iterable[str]:
    """Parameters that are needed, and one of those of which there must be some."""
    yield from (name for name, one in accepted.takes.items() if one.need)
    if "TimeLimitSeconds" in accepted.takes:
        yield "TimeLimitSeconds"
    if {"LanguageCode", "CustomerId"} <= accepted.takes.keys():
        yield "LanguageCode"
    for choice in accepted.sets:
        yield from choice.of[: choice.fewest]


def _transitions(kind: str, accepted: Accepted) -> dict[str, Any]:
    wanted = [name for name, presence in accepted.wires.items() if presence in ("must", "should")]
    if kind == "TransferParticipantToThirdParty":
        wanted = ["NoMatchingError"]  # the sample does not go on
    else:
        wanted += FORM_ERRORS.get(kind, ())
    branches = accepted.branches
    operands = list(branches.each or ("0",)) if branches and branches.need else []
    operator = "NumberGreaterThan" if kind == "CheckMetricData" else "Equals"
    return {
        "NextAction": "end",
        "Errors": [{"ErrorType": name, "NextAction": "end"} for name in wanted],
        "Conditions": [condition(operand, operator) for operand in operands],
    }


def condition(operand: Any, operator: str = "Equals") -> dict[str, Any]:
    return {"NextAction": "end", "Condition": {"Operator": operator, "Operands": [operand]}}


def home(accepted: Accepted | None) -> str:
    """A type of flows in which nobody saw a type of action refused."""
    if accepted is None:
        return "CONTACT_FLOW"
    if accepted.modules_only:
        return MODULE
    return next(kind for kind in TYPES if kind not in accepted.never_in)


def flow(*made: Action, **changed: Any) -> str:
    """A flow of these actions and one that ends it, as any type may."""
    end = {"Identifier": "end", "Type": "EndFlowExecution", "Parameters": {}, "Transitions": {}}
    tree = {
        "Version": "2019-10-30",
        "StartAction": made[0]["Identifier"] if made else "end",
        "Metadata": {},
        "Settings": json.loads(SETTINGS),
        "Actions": [*made, end],
        **changed,
    }
    return json.dumps(tree)


def without(action: Action, *path: str) -> Action:
    """The action without what a path of members leads to."""
    made = deepcopy(action)
    place = made
    for member in path[:-1]:
        place = place[member]
    del place[path[-1]]
    return made


def given(action: Action, **parameters: Any) -> Action:
    """The action with other parameters beside its own."""
    return {**action, "Parameters": {**action["Parameters"], **parameters}}


def wired(action: Action, *errors: str) -> Action:
    """The action with these errors and no others."""
    rows = [{"ErrorType": name, "NextAction": "end"} for name in errors]
    return {**action, "Transitions": {**action["Transitions"], "Errors": rows}}


def branching(action: Action, *conditions: Any) -> Action:
    """The action with these conditions and no others."""
    return {**action, "Transitions": {**action["Transitions"], "Conditions": list(conditions)}}


def errors(action: Action) -> list[str]:
    return [str(row["ErrorType"]) for row in action["Transitions"].get("Errors", [])]
