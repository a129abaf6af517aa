"""A fluent builder of contact flows. Blocks follow each other; branches go to labels; every error must lead somewhere.

    FLOW = (
        FlowBuilder("Greeting")
        .on_error("sorry")
        .play("Welcome to our ${region-name} centre.")
        .transfer_to_queue("Support", at_capacity="sorry")
        .label("sorry")
        .play("We cannot take your call right now.")
        .disconnect()
    )

Labels may be used before they are set. Blocks that branch take labels (`on_error="sorry"`); without one the flow's own is used.
Texts may hold `${queue:NAME}`, `${flow:NAME}`, `${module:NAME}`, `${prompt:NAME}`, `${hours:NAME}`, `${lambda:NAME}`,
`${region}`, `${region-name}`.
Blocks: https://docs.aws.amazon.com/connect/latest/devguide/flow-language-actions.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from sbctl.core.flow_document import FlowDocument
from sbctl.flows.building.draft import ON_ERROR, Block, Draft
from sbctl.flows.names.placeholders import placeholder

Label = str
FlowType = Literal[
    "CONTACT_FLOW",
    "CUSTOMER_QUEUE",
    "CUSTOMER_HOLD",
    "CUSTOMER_WHISPER",
    "AGENT_HOLD",
    "AGENT_WHISPER",
    "OUTBOUND_WHISPER",
    "AGENT_TRANSFER",
    "QUEUE_TRANSFER",
    "MODULE",
]
Metric = Literal["NumberOfAgentsAvailable", "NumberOfAgentsStaffed", "NumberOfAgentsOnline"]
QueueMetric = Literal["NumberOfContactsInQueue", "OldestContactInQueueAgeSeconds"]
Comparison = Literal["Equals", "NumberGreaterThan", "NumberGreaterOrEqualTo", "NumberLessThan", "NumberLessOrEqualTo"]


class FlowBuilder:
    """Builds one flow, block by block. Each method adds a block and returns the builder."""

    def __init__(self, name: str, *, type: FlowType = "CONTACT_FLOW", description: str = "") -> None:  # noqa: A002
        self._draft = Draft(name, type, description)
        self._counts: dict[str, int] = {}
        self._pending: list[Label] = []

    def build(self, at: str = "") -> FlowDocument:
        """The finished flow; `at` is the file it came from. Raises SbctlError with every branch that leads nowhere."""
        return self._draft.document(at)

    # where things go

    def label(self, name: Label) -> Self:
        """Name the next block, so that branches can go there. Several labels may name one block."""
        self._draft.labels[name] = len(self._draft.blocks)
        self._pending.append(name)
        return self

    def on_error(self, label: Label) -> Self:
        """Where errors go, and full queues and unexpected input, unless a block says otherwise."""
        self._draft.error_label = label
        return self

    def go_to(self, label: Label) -> Self:
        """Continue at a label instead of at the next block: joins branches and makes circles."""
        if self._draft.blocks:
            self._draft.blocks[-1].following = label
        return self

    # what callers hear and enter

    def play(self, text: str = "", *, ssml: str = "", prompt: str = "") -> Self:
        """Play a text, SSML, or a prompt by its name. What cannot be played is passed over."""
        return self._add("play", "MessageParticipant", _spoken(text, ssml, prompt))

    def loop_prompts(self, *texts: str, interrupt_seconds: int | None = None, on_interrupt: Label = "") -> Self:
        """Play texts again and again while the caller waits in a queue or on hold."""
        parameters: dict[str, Any] = {"Messages": [{"Text": text} for text in texts]}
        conditions = []
        if interrupt_seconds is not None:
            parameters["InterruptFrequencySeconds"] = str(interrupt_seconds)
            conditions = [("Equals", "MessagesInterrupted", on_interrupt)]
        return self._add("prompts", "MessageParticipantIteratively", parameters, conditions, {ON_ERROR: None})

    def menu(
        self,
        text: str,
        digits: Mapping[str, Label],
        *,
        timeout_seconds: int = 5,
        on_timeout: Label | None = None,
        on_other: Label | None = None,
        on_error: Label | None = None,
    ) -> Self:
        """Ask for one key (0-9, *, #) and branch by it; by no key in time; by any other key."""
        parameters = {"Text": text, "StoreInput": "False", "InputTimeLimitSeconds": str(timeout_seconds)}
        errors = {"InputTimeLimitExceeded": on_timeout, "NoMatchingCondition": on_other, ON_ERROR: on_error}
        conditions = [("Equals", digit, label) for digit, label in digits.items()]
        return self._add("menu", "GetParticipantInput", parameters, conditions, errors, default="NoMatchingCondition")

    def store_input(
        self, text: str, *, max_digits: int = 20, timeout_seconds: int = 5, on_error: Label | None = None
    ) -> Self:
        """Ask for digits and keep them in `$.StoredCustomerInput`."""
        parameters = {
            "Text": text,
            "StoreInput": "True",
            "InputTimeLimitSeconds": str(timeout_seconds),
            "InputValidation": {"CustomValidation": {"MaximumLength": str(max_digits)}},
        }
        return self._add("input", "GetParticipantInput", parameters, errors={ON_ERROR: on_error})

    def voice(self, name: str, *, engine: Literal["Standard", "Neural", "Generative"] = "Neural") -> Self:
        """The Amazon Polly voice for all that follows."""
        parameters = {"TextToSpeechVoice": name, "TextToSpeechEngine": engine, "TextToSpeechStyle": "None"}
        return self._add("voice", "UpdateContactTextToSpeechVoice", parameters, errors={ON_ERROR: None})

    # decisions

    def check_attribute(self, path: str, branches: Mapping[str, Label], *, otherwise: Label | None = None) -> Self:
        """Branch by the value at a path such as `$.External.tier`; `otherwise` for every other value."""
        conditions = [("Equals", value, label) for value, label in branches.items()]
        errors = {"NoMatchingCondition": otherwise}
        return self._add(
            "check", "Compare", {"ComparisonValue": path}, conditions, errors, default="NoMatchingCondition"
        )

    def check_hours(self, hours: str = "", *, open_: Label, closed: Label, on_error: Label | None = None) -> Self:
        """Branch by hours of operation; without a name those of the working queue."""
        parameters = {"HoursOfOperationId": placeholder("hours", hours)} if hours else {}
        conditions = [("Equals", "True", open_), ("Equals", "False", closed)]
        return self._add(
            "hours", "CheckHoursOfOperation", parameters, conditions, {ON_ERROR: on_error}, default=ON_ERROR
        )

    def check_staffing(
        self,
        queue: str = "",
        *,
        staffed: Label,
        unstaffed: Label,
        metric: Metric = "NumberOfAgentsStaffed",
        on_error: Label | None = None,
    ) -> Self:
        """Branch by whether anybody serves the queue."""
        return self._metric(metric, queue, [("NumberGreaterThan", "0", staffed)], unstaffed, on_error)

    def check_queue(
        self,
        metric: QueueMetric,
        comparison: Comparison,
        value: int,
        *,
        then: Label,
        otherwise: Label,
        queue: str = "",
        on_error: Label | None = None,
    ) -> Self:
        """Branch by how long a queue is, or how long its oldest contact waits (`value` in seconds)."""
        # on the wire the age is in milliseconds although its name says seconds (connect-api 7.4)
        operand = value * 1000 if metric == "OldestContactInQueueAgeSeconds" else value
        return self._metric(metric, queue, [(comparison, str(operand), then)], otherwise, on_error)

    def queue_metrics(self, queue: str = "", *, channel: Literal["Voice", "Chat"] = "Voice") -> Self:
        """Fetch a queue's figures into `$.Metrics`."""
        parameters = {"QueueChannel": channel, **({"QueueId": placeholder("queue", queue)} if queue else {})}
        return self._add("metrics", "GetMetricData", parameters, errors={ON_ERROR: None})

    def distribute(self, shares: Mapping[Label, int], *, rest: Label) -> Self:
        """Send percentages of callers to labels, the rest to `rest`."""
        conditions, total = [], 0
        for label, share in shares.items():
            total += share
            conditions.append(("NumberLessThan", str(total + 1), label))
        errors: dict[str, Label | None] = {"NoMatchingCondition": rest}
        return self._add("distribute", "DistributeByPercentage", {}, conditions, errors, default="NoMatchingCondition")

    def loop(self, times: int, *, again: Label, done: Label) -> Self:
        """Go to `again` so many times, then to `done`."""
        conditions = [("Equals", "ContinueLooping", again), ("Equals", "DoneLooping", done)]
        return self._add("loop", "Loop", {"LoopCount": str(times)}, conditions).go_to(done)

    def wait(self, seconds: int, *, then: Label, on_error: Label | None = None) -> Self:
        """Hold the contact for a time."""
        parameters = {"TimeLimitSeconds": str(seconds)}
        return self._add(
            "wait", "Wait", parameters, [("Equals", "WaitCompleted", then)], {ON_ERROR: on_error}, default=ON_ERROR
        )

    # data

    def invoke_lambda(
        self,
        function: str,
        *,
        inputs: Mapping[str, str] | None = None,
        timeout_seconds: int = 8,
        response: Literal["STRING_MAP", "JSON"] = "STRING_MAP",
        on_error: Label | None = None,
    ) -> Self:
        """Call a Lambda function of the config; its answer is under `$.External`."""
        parameters = {
            "LambdaFunctionARN": placeholder("lambda", function),
            "InvocationTimeLimitSeconds": str(timeout_seconds),
            "LambdaInvocationAttributes": dict(inputs or {}),
            "ResponseValidation": {"ResponseType": response},
        }
        return self._add("lambda", "InvokeLambdaFunction", parameters, errors={ON_ERROR: on_error})

    def set_attributes(self, on_error: Label | None = None, **attributes: str) -> Self:
        """Attributes of the contact; they stay with it."""
        parameters = {"Attributes": attributes, "TargetContact": "Current"}
        return self._add("attributes", "UpdateContactAttributes", parameters, errors={ON_ERROR: on_error})

    def set_flow_attributes(self, on_error: Label | None = None, **attributes: str) -> Self:
        """Attributes of this run of the flow alone."""
        parameters = {"FlowAttributes": {name: {"Value": value} for name, value in attributes.items()}}
        return self._add("flow-attributes", "UpdateFlowAttributes", parameters, errors={ON_ERROR: on_error})

    def logging(self, enabled: bool = True) -> Self:
        """Write this flow's log."""
        return self._add(
            "logging", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled" if enabled else "Disabled"}
        )

    def recording(self, *, agent: bool = True, customer: bool = True) -> Self:
        """Record the conversation of the agent, the customer, or both."""
        who = [*(["Agent"] if agent else []), *(["Customer"] if customer else [])]
        return self._add(
            "recording", "UpdateContactRecordingBehavior", {"RecordingBehavior": {"RecordedParticipants": who}}
        )

    def event_flow(
        self,
        event: Literal[
            "AgentHold", "AgentWhisper", "CustomerHold", "CustomerQueue", "CustomerWhisper", "CustomerRemaining"
        ],
        flow: str,
        *,
        on_error: Label | None = None,
    ) -> Self:
        """The flow that an event runs: what is whispered, or heard in the queue or on hold."""
        parameters = {"EventHooks": {event: placeholder("flow", flow)}}
        return self._add("event", "UpdateContactEventHooks", parameters, errors={ON_ERROR: on_error})

    def whisper(self, flow: str, *, to: Literal["Agent", "Customer"] = "Agent", on_error: Label | None = None) -> Self:
        """The whisper flow that the agent or the customer hears when they are joined."""
        return self.event_flow("AgentWhisper" if to == "Agent" else "CustomerWhisper", flow, on_error=on_error)

    # queues and transfers

    def working_queue(self, queue: str, *, on_error: Label | None = None) -> Self:
        """The queue that a transfer or a check without a name means."""
        return self._add(
            "queue", "UpdateContactTargetQueue", {"QueueId": placeholder("queue", queue)}, errors={ON_ERROR: on_error}
        )

    def priority(self, value: int) -> Self:
        """The contact's priority in queues; 1 is served first, 5 is usual."""
        return self._add("priority", "UpdateContactRoutingBehavior", {"QueuePriority": str(value)})

    def transfer_to_queue(
        self, queue: str = "", *, at_capacity: Label | None = None, on_error: Label | None = None
    ) -> Self:
        """Put the contact into a queue (or the working queue); `at_capacity` when it is full."""
        if queue:
            self.working_queue(queue, on_error=on_error)
        errors = {"QueueAtCapacity": at_capacity, ON_ERROR: on_error}
        return self._add("transfer", "TransferContactToQueue", {}, errors=errors, default=ON_ERROR)

    def transfer_to_flow(self, flow: str, *, on_error: Label | None = None) -> Self:
        """Go on in another flow."""
        parameters = {"ContactFlowId": placeholder("flow", flow)}
        return self._add("to-flow", "TransferToFlow", parameters, errors={ON_ERROR: on_error}, default=ON_ERROR)

    def transfer_to_number(self, number: str, *, timeout_seconds: int = 30, on_error: Label | None = None) -> Self:
        """Connect the caller to an E.164 number and leave the flow."""
        parameters = {
            "ThirdPartyPhoneNumber": number,
            "ThirdPartyConnectionTimeLimitSeconds": str(timeout_seconds),
            "ContinueFlowExecution": "False",
        }
        return self._add(
            "to-number", "TransferParticipantToThirdParty", parameters, errors={ON_ERROR: on_error}, default=ON_ERROR
        )

    def callback(
        self,
        *,
        queue: str = "",
        number: str = "$.CustomerEndpoint.Address",
        delay_seconds: int = 5,
        attempts: int = 1,
        retry_seconds: int = 600,
        on_bad_number: Label | None = None,
        on_error: Label | None = None,
    ) -> Self:
        """Call the customer back, at the number at a path."""
        errors = {"InvalidCallbackNumber": on_bad_number, "CallbackNumberNotDialable": on_bad_number}
        self._add("callback-number", "UpdateContactCallbackNumber", {"CallbackNumber": number}, errors=errors)
        parameters = {
            "InitialCallDelaySeconds": str(delay_seconds),
            "MaximumConnectionAttempts": str(attempts),
            "RetryDelaySeconds": str(retry_seconds),
            **({"QueueId": placeholder("queue", queue)} if queue else {}),
        }
        return self._add("callback", "CreateCallbackContact", parameters, errors={ON_ERROR: on_error})

    def module(self, name: str, *, on_error: Label | None = None) -> Self:
        """Run a flow module and come back."""
        parameters = {"FlowModuleId": placeholder("module", name)}
        return self._add("module", "InvokeFlowModule", parameters, errors={ON_ERROR: on_error})

    # ends

    def disconnect(self) -> Self:
        """End the contact."""
        return self._add("disconnect", "DisconnectParticipant", {}, ends=True)

    def end_flow(self) -> Self:
        """End a queue or whisper flow; the contact goes on."""
        return self._add("end", "EndFlowExecution", {}, ends=True)

    def end_module(self) -> Self:
        """End a module: the flow that runs it goes on."""
        return self._add("end", "EndFlowModuleExecution", {}, ends=True)

    def _metric(
        self,
        metric: str,
        queue: str,
        conditions: list[tuple[str, str, Label]],
        otherwise: Label,
        on_error: Label | None,
    ) -> Self:
        parameters = {"MetricType": metric, **({"QueueId": placeholder("queue", queue)} if queue else {})}
        errors = {"NoMatchingCondition": otherwise, ON_ERROR: on_error}
        return self._add("metric", "CheckMetricData", parameters, conditions, errors, default="NoMatchingCondition")

    def _add(
        self,
        stem: str,
        kind: str,
        parameters: dict[str, Any],
        conditions: list[tuple[str, str, Label]] | None = None,
        errors: Mapping[str, Label | None] | None = None,
        *,
        default: str = "",
        ends: bool = False,
    ) -> Self:
        identifier = self._identifier(stem)
        block = Block(identifier, kind, parameters, None, list(conditions or []), dict(errors or {}), ends, default)
        self._draft.blocks.append(block)
        return self

    def _identifier(self, stem: str) -> str:
        """Readable and stable: the label when the block has one, else what it does and how many there were."""
        self._counts[stem] = self._counts.get(stem, 0) + 1
        label = self._pending[0] if self._pending else ""
        self._pending = []
        return f"{label}.{stem}" if label else f"{stem}-{self._counts[stem]}"


def _spoken(text: str, ssml: str, prompt: str) -> dict[str, Any]:
    if prompt:
        return {"PromptId": placeholder("prompt", prompt)}
    return {"SSML": ssml} if ssml else {"Text": text}
