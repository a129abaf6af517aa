"""A fluent builder of flow tests: what the caller does, what is heard, and where the call arrives.

    TEST = (
        FlowTest("vip", flow="SalesInbound")
        .call()
        .lambda_returns("customer_lookup", tier="VIP")
        .hears("Welcome")
        .reaches_queue("VIP-Sales")
    )

Each `hears…`, `starts…` and `reaches…` waits for something, and what follows it is done then. What stands in for functions,
hours and queues holds from the beginning, each time once and in the order of the calls.
Texts may hold `${region}` and `${region-name}`. https://docs.aws.amazon.com/connect/latest/devguide/testing-language.html
"""

from __future__ import annotations

import json
from typing import Any, Literal, Self

from sbctl.core.flow_document import FlowTestDocument
from sbctl.core.problem import SbctlError
from sbctl.flows.names.placeholders import placeholder
from sbctl.flows.testing.language import (
    ASK_BOT,
    CHECK_HOURS,
    FLOW_ACTION_STARTED,
    INVOKE_LAMBDA,
    MESSAGE_RECEIVED,
    TEST_INITIATED,
    TO_QUEUE,
    VERSION,
    Operator,
)
from sbctl.flows.testing.problems import invalid

START = "start"


class FlowTest:
    """Builds one test, step by step. Each method adds a step and returns the builder."""

    def __init__(self, name: str, *, flow: str = "", description: str = "") -> None:
        """`flow` is the flow in which the call begins; "" for that of the number that `call` dials."""
        self._name, self._flow, self._description = name, flow, description
        self._channel: Literal["VOICE", "CHAT"] = "VOICE"
        self._called = self._caller = ""
        self._attributes: dict[str, str] = {}
        self._observations: list[dict[str, Any]] = [_observation(START, TEST_INITIATED, {})]

    def build(self, at: str = "") -> FlowTestDocument:
        """The finished test; `at` is the file it came from. Raises SbctlError where nothing says in which flow it begins."""
        if not (self._flow or self._called):
            detail = f"test {self._name}: neither a flow nor a number says where the call begins"
            raise SbctlError(invalid(at, detail, 'Write FlowTest(NAME, flow="FLOW") or .call("+15555550100").'))
        return FlowTestDocument(
            name=self._name,
            description=self._description,
            flow=self._flow,
            channel=self._channel,
            caller=self._caller,
            called=self._called,
            attributes=dict(self._attributes),
            content={"Version": VERSION, "Metadata": {}, "Observations": self._observations},
            at=at,
        )

    # how the contact begins

    def call(self, number: str = "", *, caller: str = "") -> Self:
        """A call to a number of the instance, from `caller`; both in E.164."""
        self._channel, self._called, self._caller = "VOICE", number, caller
        return self

    def chat(self) -> Self:
        """A chat instead of a call."""
        self._channel, self._called, self._caller = "CHAT", "", ""
        return self

    def with_attributes(self, **attributes: str) -> Self:
        """Attributes that the contact has from the beginning."""
        self._attributes.update(attributes)
        return self

    # what is observed

    def hears(self, text: str, *, similar: bool = False) -> Self:
        """A message that contains the text, upper and lower case alike; `similar`: one that means the same, in English."""
        criteria = "Similarity" if similar else "Inclusion"
        return self._observe("hears", MESSAGE_RECEIVED, {"Text": text}, MatchingCriteria=criteria)

    def hears_prompt(self, name: str) -> Self:
        """A recorded prompt of the config."""
        return self._observe("hears", MESSAGE_RECEIVED, {"PromptId": placeholder("prompt-id", name)})

    def starts_lambda(self, function: str) -> Self:
        """The flow invokes a function of the config."""
        return self._started("lambda", INVOKE_LAMBDA, LambdaFunctionARN=placeholder("lambda", function))

    def checks_hours(self, hours: str) -> Self:
        """The flow checks hours of operation."""
        return self._started("hours", CHECK_HOURS, HoursOfOperationId=placeholder("hours-id", hours))

    def starts_bot(self, alias_arn: str) -> Self:
        """The flow hands the caller to a Lex bot."""
        return self._started("bot", ASK_BOT, LexV2Bot={"AliasArn": alias_arn})

    def reaches_queue(self, queue: str) -> Self:
        """The flow puts the contact into a queue. The test ends there, before an agent could be rung."""
        return self.enters_queue(queue).ends()

    def enters_queue(self, queue: str) -> Self:
        """The same without ending the test: the contact waits there and can ring an agent. Only the sandbox runs such a test."""
        return self._started("queue", TO_QUEUE, QueueId=placeholder("queue-id", queue))

    # what the caller does

    def presses(self, keys: str) -> Self:
        """Press keys: 0-9, * and #."""
        value = int(keys) if keys.isdecimal() and str(int(keys)) == keys else keys
        return self._instruct("DtmfInput", {"Value": value})

    def says(self, text: str) -> Self:
        """Say something, or write it in a chat."""
        return self._instruct("Utterance", {"Text": text, "LanguageCode": "en-US"})

    def hangs_up(self) -> Self:
        """End the contact."""
        return self._instruct("Disconnect", {})

    # what must hold

    def asserts(self, reference: str, value: str, *, operator: Operator = "Equals") -> Self:
        """A reference such as `$.External.tier` has a value now."""
        return self._act("assert", "Assert", {"Namespace": reference, "Operator": operator, "Operand": value})

    def exists(self, reference: str) -> Self:
        """A reference has any value."""
        return self._act("assert", "Assert", {"Namespace": reference, "Operator": "Exists"})

    def has_attribute(self, name: str, value: str) -> Self:
        """An attribute of the contact has a value."""
        return self.asserts(f"$.Attributes.{name}", value)

    def logs(self, **expressions: str) -> Self:
        """Put references, or texts, into the record of the test."""
        command = {"Type": "LogData", "Properties": {"Expressions": expressions}}
        return self._act("log", "TestControl", {"Command": command})

    def ends(self) -> Self:
        """End the test. One that never says so fails after five minutes."""
        return self._act("end", "TestControl", {"Command": {"Type": "EndTest"}})

    # what stands in for resources, once each

    def lambda_returns(self, function: str, **values: Any) -> Self:
        """The function is not invoked: this is its answer."""
        result = {"DelaySeconds": 0, "LoadedData": json.dumps(values, ensure_ascii=False)}
        return self._mock(INVOKE_LAMBDA, {"LambdaFunctionARN": placeholder("lambda", function)}, result)

    def lambda_fails(
        self, function: str, *, error: Literal["NoMatchingError", "TimeLimitExceeded"] = "NoMatchingError"
    ) -> Self:
        """The function is not invoked: it fails."""
        return self._fail(INVOKE_LAMBDA, {"LambdaFunctionARN": placeholder("lambda", function)}, error)

    def lambda_instead(self, function: str, other: str) -> Self:
        """Another function of the config is invoked."""
        resource = {"LambdaFunctionARN": placeholder("lambda", function)}
        return self._substitute(INVOKE_LAMBDA, resource, placeholder("lambda", other))

    def in_hours(self, hours: str) -> Self:
        """The hours of operation are open, whatever the clock says."""
        return self._mock(CHECK_HOURS, {"HoursOfOperationId": placeholder("hours-id", hours)}, {"Value": "InHours"})

    def out_of_hours(self, hours: str) -> Self:
        """The hours of operation are closed, whatever the clock says."""
        return self._mock(CHECK_HOURS, {"HoursOfOperationId": placeholder("hours-id", hours)}, {"Value": "OutOfHours"})

    def hours_fail(self, hours: str) -> Self:
        """The check of the hours of operation fails."""
        return self._fail(CHECK_HOURS, {"HoursOfOperationId": placeholder("hours-id", hours)}, "NoMatchingError")

    def hours_instead(self, hours: str, other: str) -> Self:
        """Other hours of operation of the config are checked, really."""
        resource = {"HoursOfOperationId": placeholder("hours-id", hours)}
        return self._substitute(CHECK_HOURS, resource, placeholder("hours", other))

    def queue_full(self, queue: str) -> Self:
        """The queue takes no more contacts."""
        return self._fail(TO_QUEUE, {"QueueId": placeholder("queue-id", queue)}, "QueueAtCapacity")

    def queue_fails(self, queue: str) -> Self:
        """The transfer to the queue fails."""
        return self._fail(TO_QUEUE, {"QueueId": placeholder("queue-id", queue)}, "NoMatchingError")

    def queue_instead(self, queue: str, other: str) -> Self:
        """The contact goes to another queue of the config."""
        return self._substitute(TO_QUEUE, {"QueueId": placeholder("queue-id", queue)}, placeholder("queue", other))

    def bot_answers(self, alias_arn: str, intent: str, **slots: str) -> Self:
        """The bot is not asked: it understood this intent with these slots."""
        loaded = json.dumps({"IntentName": intent, "Slots": slots}, ensure_ascii=False)
        bot = {"LexV2Bot": {"AliasArn": alias_arn}}
        return self._mock(ASK_BOT, bot, {"DelaySeconds": 0, "LoadedData": loaded})

    def _started(self, word: str, action: str, **parameters: Any) -> Self:
        return self._observe(word, FLOW_ACTION_STARTED, {"ActionType": action, "ActionParameters": parameters})

    def _observe(self, word: str, event: str, properties: dict[str, Any], **beside: str) -> Self:
        """`beside`: MatchingCriteria as a text beside Properties is the form that the service was seen to take."""
        identifier = f"{word}-{len(self._observations)}"
        self._observations[-1]["Transitions"]["NextObservations"].append(identifier)
        self._observations.append(_observation(identifier, event, properties, **beside))
        return self

    def _instruct(self, kind: str, properties: dict[str, Any]) -> Self:
        instruction = {"Type": kind, **({"Properties": properties} if properties else {})}
        return self._act("do", "SendInstruction", {"Actor": "Customer", "Instruction": instruction})

    def _act(self, word: str, kind: str, parameters: dict[str, Any]) -> Self:
        _add(self._observations[-1], word, kind, parameters)
        return self

    def _mock(self, action: str, resource: dict[str, Any], result: dict[str, Any]) -> Self:
        return self._override(action, resource, {"Type": "ExecutionResult", "ExecutionResult": result})

    def _fail(self, action: str, resource: dict[str, Any], error: str) -> Self:
        return self._override(action, resource, {"Type": "Error", "Error": {"DelaySeconds": 0, "Value": error}})

    def _override(self, action: str, resource: dict[str, Any], response: dict[str, Any]) -> Self:
        return self._replace(action, resource, {"Type": "MockResponse", "Response": response})

    def _substitute(self, action: str, resource: dict[str, Any], other: str) -> Self:
        return self._replace(action, resource, {"Type": "SubstituteResource", "SubstituteArn": other})

    def _replace(self, action: str, resource: dict[str, Any], strategy: dict[str, Any]) -> Self:
        """Before the flow runs, so that it holds however far the flow has come by then."""
        properties = {"ActionType": action, "ActionParameters": resource, "Strategy": strategy}
        behavior = {"Type": "FlowAction", "Properties": properties}
        _add(self._observations[0], "override", "OverrideSystemBehavior", {"Behavior": behavior})
        return self


def _observation(identifier: str, event: str, properties: dict[str, Any], **beside: str) -> dict[str, Any]:
    told = {"Identifier": identifier, "Type": event, "Actor": "System", "Properties": properties, **beside}
    return {"Identifier": identifier, "Event": told, "Actions": [], "Transitions": {"NextObservations": []}}


def _add(observation: dict[str, Any], word: str, kind: str, parameters: dict[str, Any]) -> None:
    """Without `Transitions` the order of the list is the order of the actions."""
    identifier = f"{observation['Identifier']}-{word}-{len(observation['Actions']) + 1}"
    observation["Actions"].append(
        {"Identifier": identifier, "Type": kind, "Parameters": {"ActionType": kind, **parameters}}
    )
