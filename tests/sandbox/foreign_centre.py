"""A contact centre as its owners made it by boto3 alone: nothing of it knows of sbctl."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.sandbox import foreign_data
from tests.sandbox.connect_instance import SETTINGS, content, wav

ALIAS = "acme-prod"
QUEUES, FLOWS = 20, 30
Client = Callable[[str], Any]


def build(client: Client, advance: Callable[[float], object], queues: int = QUEUES, flows: int = FLOWS) -> str:
    """Make it in us-east-1; the instance's id. `advance` lets the world's time go on."""
    connect = client("connect")
    made = connect.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias=ALIAS,
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
        Tags={"costcentre": "7"},
    )
    advance(60)
    centre = _Centre(connect, made["Id"])
    hours = centre.hours()
    centre.overrides(hours)
    lines = [centre.queue(number, hours[number % 2]) for number in range(queues)]
    prompts = centre.prompts(client("s3"))
    data = foreign_data.build(client, connect, centre.id, advance)
    function = data.function
    for arn in (function, data.native):
        connect.associate_lambda_function(InstanceId=centre.id, FunctionArn=arn)
    modules = [centre.module(number, prompts[number]) for number in range(2)]
    centre.flows(flows, lines, prompts, modules, function)
    for number in range(2):
        centre.profile(number, lines)
    advance(60)
    return str(made["Id"])


class _Centre:
    def __init__(self, connect: Any, instance: str) -> None:
        self._connect = connect
        self.id = instance

    def hours(self) -> list[str]:
        span = {"StartTime": {"Hours": 8, "Minutes": 30}, "EndTime": {"Hours": 17, "Minutes": 0}}
        week = [{"Day": day, **span} for day in ("MONDAY", "TUESDAY", "FRIDAY")]
        midnight = {"Hours": 0, "Minutes": 0}
        days = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
        always = [{"Day": day, "StartTime": midnight, "EndTime": midnight} for day in days]
        made = [("Office", "Europe/London", week), ("Always", "UTC", always)]
        return [
            self._connect.create_hours_of_operation(InstanceId=self.id, Name=name, TimeZone=zone, Config=config)[
                "HoursOfOperationId"
            ]
            for name, zone, config in made
        ]

    def overrides(self, hours: list[str]) -> None:
        """The same holiday of both hours; another day of each under one name; one that recurs."""
        rows: list[tuple[str, str, str, dict[str, Any]]]
        rows = [(one, "Christmas", "2026-12-25", {}) for one in hours]
        rows += [(one, "Inventory", f"2026-11-0{number}", {}) for number, one in enumerate(hours, 1)]
        pattern = {"RecurrencePattern": {"Frequency": "YEARLY", "Interval": 1, "ByMonth": [1], "ByMonthDay": [1]}}
        rows.append((hours[0], "New Year", "2027-01-01", {"OverrideType": "CLOSED", "RecurrenceConfig": pattern}))
        for one, name, day, more in rows:
            self._connect.create_hours_of_operation_override(
                InstanceId=self.id,
                HoursOfOperationId=one,
                Name=name,
                Config=[],
                EffectiveFrom=day,
                EffectiveTill=day,
                **more,
            )

    def queue(self, number: int, hours: str) -> tuple[str, str]:
        made = self._connect.create_queue(
            InstanceId=self.id,
            Name=f"Line {number} (EN)",
            HoursOfOperationId=hours,
            Description=f"Callers of line {number}",
            MaxContacts=10 + number,
            Tags={"team": "blue"},
        )
        return made["QueueId"], made["QueueArn"]

    def prompts(self, s3: Any) -> list[str]:
        s3.create_bucket(Bucket="acme-audio")
        found = []
        for number in range(2):
            s3.put_object(Bucket="acme-audio", Key=f"{number}.wav", Body=wav(0.1 * (number + 1)))
            uri = f"s3://acme-audio/{number}.wav"
            made = self._connect.create_prompt(InstanceId=self.id, Name=f"Greeting {number}", S3Uri=uri)
            found.append(made["PromptARN"])
        return found

    def module(self, number: int, prompt: str) -> str:
        text = content("MessageParticipant", {"PromptId": prompt}, "EndFlowModuleExecution")
        made = self._connect.create_contact_flow_module(
            InstanceId=self.id,
            Name=f"Say {number}",
            Content=json.dumps({**json.loads(text), "Settings": json.loads(SETTINGS)}),
            Settings=SETTINGS,
        )
        return str(made["Arn"])

    def flows(self, count: int, queues: Any, prompts: list[str], modules: list[str], function: str) -> None:
        """Each leads to the next, the last to the first; some play, call, run a module or choose a queue before."""
        made = [self._flow(f"Step {number}") for number in range(count)]
        for number, (flow, _) in enumerate(made):
            steps = [
                ("MessageParticipant", {"PromptId": prompts[number % 2]}),
                ("InvokeFlowModule", {"FlowModuleId": modules[number % 2]}),
                ("UpdateContactTargetQueue", {"QueueId": queues[number % len(queues)][1]}),
                ("InvokeLambdaFunction", {"LambdaFunctionARN": function, "InvocationTimeLimitSeconds": "3"}),
            ]
            following = made[(number + 1) % count][1]
            text = _chain([steps[number % 4], ("TransferToFlow", {"ContactFlowId": following})])
            self._connect.update_contact_flow_content(InstanceId=self.id, ContactFlowId=flow, Content=text)

    def _flow(self, name: str) -> tuple[str, str]:
        made = self._connect.create_contact_flow(
            InstanceId=self.id, Name=name, Type="CONTACT_FLOW", Content=_chain([]), Description="made by hand"
        )
        return made["ContactFlowId"], made["ContactFlowArn"]

    def profile(self, number: int, queues: list[tuple[str, str]]) -> None:
        served = [
            {"QueueReference": {"QueueId": queue, "Channel": "VOICE"}, "Priority": place + 1, "Delay": 5 * place}
            for place, (queue, _) in enumerate(queues[number * 5 : number * 5 + 8])
        ]
        self._connect.create_routing_profile(
            InstanceId=self.id,
            Name=f"Agents {number}",
            Description="People",
            DefaultOutboundQueueId=queues[number][0],
            QueueConfigs=served,
            MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
        )


def _chain(steps: list[tuple[str, dict[str, str]]]) -> str:
    """A flow that takes these steps one after the other, whatever goes wrong, and hangs up."""
    names = [f"step-{place}" for place in range(len(steps))] + ["end"]
    actions: list[dict[str, Any]] = []
    for place, (kind, parameters) in enumerate(steps):
        errors = [{"ErrorType": "NoMatchingError", "NextAction": "end"}]
        after = {"NextAction": names[place + 1], "Errors": errors, "Conditions": []}
        actions.append({"Identifier": names[place], "Type": kind, "Parameters": parameters, "Transitions": after})
    actions.append({"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}})
    return json.dumps({"Version": "2019-10-30", "StartAction": names[0], "Metadata": {}, "Actions": actions})
