"""What depends on the form of an action, and no table says: each rule was seen at work by people who probed the service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sbctl.sandbox.connect.flow_language.inputs import participant_input
from sbctl.sandbox.connect.flow_language.parameters import is_static
from sbctl.sandbox.connect.flow_language.reading import Step
from sbctl.sandbox.connect.flow_language.saying import EMPTY_ATTRIBUTE, Said, missing, missing_error, wrong, wrong_error

CALL_ERRORS = ("CallFailed", "ConnectionTimeLimitExceeded")
REDACTION_ERROR = "InFlightRedactionConfigurationFailed"
HOLDERS = frozenset(
    {
        *("Agent", "Attributes", "Capabilities", "Case", "Customer", "CustomerEndpoint", "DataTableList", "DataTables"),
        *("Email", "External", "FlowAttributes", "Lex", "Loop", "Media", "MediaStreams", "Metrics", "Modules", "Queue"),
        *("SegmentAttributes", "SystemEndpoint", "Tags", "Task", "Views", "Wisdom"),
    }
)
"""Roots of references that hold further names: alone they are no value."""


def forms(step: Step, flow_type: str) -> Iterator[Said]:
    """What is wrong with an action in its form."""
    if step.kind == "TransferParticipantToThirdParty":
        yield from _third_party(step, flow_type)
    elif step.kind in FORMS:
        yield from FORMS[step.kind](step)


def _third_party(step: Step, flow_type: str) -> Iterator[Said]:
    """Flows of transfers to agents were seen to refuse what all others want here, so nothing is said of them."""
    goes_on = step.text("ContinueFlowExecution")
    if flow_type == "AGENT_TRANSFER" or goes_on not in ("True", "False"):
        return
    for name in CALL_ERRORS:
        if goes_on == "True" and name not in step.errors:
            yield Said(missing_error(step.number, name))
        elif goes_on == "False" and name in step.errors:
            yield Said(wrong_error(name))


def _attributes(step: Step) -> Iterator[Said]:
    if "" in step.part("Attributes").values():
        yield Said(EMPTY_ATTRIBUTE)


def _flow_attributes(step: Step) -> Iterator[Said]:
    if any(not isinstance(value, Mapping) for value in step.part("FlowAttributes").values()):
        yield Said(wrong(step.number, "Parameters.FlowAttributes"))


def _data(step: Step) -> Iterator[Said]:
    if not step.parameters:
        yield Said(missing(step.number, "Parameters"))


def _analytics(step: Step) -> Iterator[Said]:
    is_wired, is_chat = REDACTION_ERROR in step.errors, step.has("ChatBehavior")
    if is_chat and not is_wired:
        yield Said(missing_error(step.number, REDACTION_ERROR))
    elif is_wired and not is_chat:
        yield Said(wrong_error(REDACTION_ERROR))


def _media(step: Step) -> Iterator[Said]:
    settings = step.part("ChatProcessor").get("ChatProcessorSettings")
    if settings is not None and not (isinstance(settings, Mapping) and "DeliverUnprocessedMessages" in settings):
        yield Said(missing(step.number, "Parameters.ChatProcessor.ChatProcessorSettings.DeliverUnprocessedMessages"))


def _routing(step: Step) -> Iterator[Said]:
    is_wired = "NoMatchingError" in step.errors
    if step.has("RoutingProficiencies"):
        if not is_wired:
            yield Said(missing_error(step.number, "NoMatchingError"))
    elif is_wired and (step.has("QueuePriority") or step.has("QueueTimeAdjustmentSeconds")):
        yield Said(wrong_error("NoMatchingError"))


def _compared(step: Step) -> Iterator[Said]:
    """A literal, or the bare root of many values, is nothing to compare."""
    value = step.parameters.get("ComparisonValue")
    if value is not None and value != "" and (is_static(value) or str(value).removeprefix("$.") in HOLDERS):
        yield Said(wrong(step.number, "Parameters.ComparisonValue"))


def _metric(step: Step) -> Iterator[Said]:
    """Of agents the service tells only whether there are any."""
    if step.text("MetricType").startswith("NumberOfAgents") and any(
        (one.operator, one.operands) != ("NumberGreaterThan", ("0",)) for one in step.conditions
    ):
        yield Said(wrong(step.number, "Transitions.Conditions"))


def _wait(step: Step) -> Iterator[Said]:
    if not step.has("TimeLimitSeconds") and not step.has("ContinueExecution"):
        yield Said(missing(step.number, "Parameters.TimeLimitSeconds"))


def _function(step: Step) -> Iterator[Said]:
    if step.part("ResponseValidation").get("ResponseType") == "JSON_OBJECT":
        yield Said(wrong(step.number, "Parameters.ResponseValidation.ResponseType"))


FORMS: Mapping[str, Callable[[Step], Iterator[Said]]] = {
    "Compare": _compared,
    "CheckMetricData": _metric,
    "GetParticipantInput": participant_input,
    "InvokeLambdaFunction": _function,
    "UpdateContactAttributes": _attributes,
    "UpdateContactData": _data,
    "UpdateContactMediaProcessing": _media,
    "UpdateContactRecordingAndAnalyticsBehavior": _analytics,
    "UpdateContactRoutingBehavior": _routing,
    "UpdateFlowAttributes": _flow_attributes,
    "Wait": _wait,
}
