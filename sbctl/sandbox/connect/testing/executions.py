"""Executions of test cases: five run at once in an instance, a hundred are queued with them, each for five minutes at most.

https://docs.aws.amazon.com/connect/latest/APIReference/API_StartTestCaseExecution.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.numbers.book import answering
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart, Site
from sbctl.sandbox.connect.running.bots import heard
from sbctl.sandbox.connect.running.contract import BotRequest, LexAnswered
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.connect.testing.cases import EXECUTIONS, KIND, entry
from sbctl.sandbox.connect.testing.content import observations
from sbctl.sandbox.connect.testing.execution import RUNNING, Execution, moment
from sbctl.sandbox.connect.testing.live import Grounds, LiveExecution
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

AT_ONCE, QUEUED = 5, 100
START_SECONDS = 1.0
"""From the call to the beginning of the simulated contact: OURS."""
LATE = "it was not observed within five minutes"


class Executions:
    """The operations on executions."""

    def __init__(self, store: ResourceStore, grounds: Grounds) -> None:
        self._store = store
        self._on = grounds

    def operations(self) -> Mapping[str, Operation]:
        return {
            "StartTestCaseExecution": self.start,
            "StopTestCaseExecution": self.stop,
            "GetTestCaseExecutionSummary": self.summary,
            "ListTestCaseExecutions": self.list_all,
            "ListTestCaseExecutionRecords": self.list_records,
        }

    def start(self, call: Call) -> Answer:
        instance, case = self._store.active(call), self._store.resource(call, KIND, "TestCaseId")
        token = f"{case.id}/{call.params.get('ClientToken') or uuid4()}"
        known = self._store.tokens.get(token)
        if known is not None and known[1] in case.values[EXECUTIONS]:
            return self._started(case.values[EXECUTIONS][known[1]])
        content = _runnable(self._store, instance, case)
        if sum(one.status in RUNNING for _, one in self._every(instance)) >= QUEUED:
            text = f"The quota of {QUEUED} queued executions is reached"
            raise ApiError("ServiceQuotaExceededException", text, 402)
        seen = tuple(one.id for one in observations(content["Content"]))
        made = Execution(str(uuid4()), case.id, self._store.clock.seconds(), seen)
        case.values[EXECUTIONS][made.id] = made
        self._store.tokens[token] = (None, made.id)
        self._on.later(made.asked + START_SECONDS, lambda: self._begin(instance))
        return self._started(made)

    def _started(self, execution: Execution) -> Answer:
        return {
            "TestCaseExecutionId": execution.id,
            "TestCaseId": execution.case,
            "Status": execution.status,
        }

    def stop(self, call: Call) -> Answer:
        found = self._named(call)
        if found.status not in RUNNING:
            raise ApiError("InvalidRequestException", f"The execution is {found.status} already", 400)
        found.end("STOPPED", self._store.clock.seconds(), "the execution was stopped", ())
        self._more(self._store.active(call))
        return {}

    def summary(self, call: Call) -> Answer:
        return self._named(call).summary()

    def list_all(self, call: Call) -> Answer:
        rows = [
            {
                **{name: value for name, value in one.summary().items() if name in ("StartTime", "EndTime")},
                "TestCaseExecutionId": one.id,
                "TestCaseId": case.id,
                "TestCaseExecutionStatus": one.status,
                **({"Tags": dict(case.tags)} if case.tags else {}),
            }
            for case, one in sorted(self._every(self._store.active(call)), key=lambda pair: -pair[1].asked)
            if _is_asked_for(case, one, call.params)
        ]
        found, rest = page(rows, call.params, 100)
        return {"TestCaseExecutions": found, **rest}

    def list_records(self, call: Call) -> Answer:
        wanted = call.params.get("Status")
        rows = [
            {
                "ObservationId": one.observation,
                "Status": one.status,
                "Timestamp": moment(one.when),
                "Record": one.text(),
            }
            for one in self._named(call).records
            if wanted in (None, one.status)
        ]
        found, rest = page(rows, call.params, 100)
        return {"ExecutionRecords": found, **rest}

    def _named(self, call: Call) -> Execution:
        case = self._store.resource(call, KIND, "TestCaseId")
        named = str(call.params["TestCaseExecutionId"])
        found: Execution | None = case.values[EXECUTIONS].get(named)
        if found is None:
            raise missing("test case execution", named)
        self._expire(found)
        return found

    def _every(self, instance: Instance) -> Iterator[tuple[ConnectResource, Execution]]:
        for case in instance.all(KIND).values():
            for one in case.values[EXECUTIONS].values():
                self._expire(one)
                yield case, one

    def _expire(self, execution: Execution) -> None:
        """What nothing runs any more, because the world was put back, ends with its time."""
        deadline = execution.deadline
        if execution.is_late(self._store.clock.seconds()) and deadline is not None:
            execution.end("FAILED", deadline, LATE, ())

    def _begin(self, instance: Instance) -> None:
        """Let as many of those that wait begin as may run."""
        every, now = list(self._every(instance)), self._store.clock.seconds()
        running = sum(one.status == "IN_PROGRESS" for _, one in every)
        due = [pair for pair in every if pair[1].status == "INITIATED" and pair[1].asked + START_SECONDS <= now]
        for case, one in sorted(due, key=lambda pair: pair[1].asked)[: max(AT_ONCE - running, 0)]:
            one.status, one.begun = "IN_PROGRESS", now
            self._live(instance, case, one).step()

    def _live(self, instance: Instance, case: ConnectResource, one: Execution) -> LiveExecution:
        content = case.values["Published"]
        flow = entry_flow(self._store, instance, content)
        return LiveExecution(self._on, instance, content, flow, one, lambda: self._more(instance))

    def _more(self, instance: Instance) -> None:
        """One has ended, so another may begin."""
        self._on.later(self._store.clock.seconds(), lambda: self._begin(instance))


def _runnable(store: ResourceStore, instance: Instance, case: ConnectResource) -> Mapping[str, Any]:
    content: Mapping[str, Any] | None = case.values["Published"]
    if content is None:
        raise ApiError("InvalidRequestException", "The test case is not published", 400)
    flow = entry_flow(store, instance, content)
    found = instance.all("contact-flow").get(flow)
    if found is None or found.values.get("Content") is None:
        raise ApiError("InvalidRequestException", "The entry point of the test case names no published flow", 400)
    return content


def entry_flow(store: ResourceStore, instance: Instance, content: Mapping[str, Any]) -> str:
    """The id of the flow in which a test begins: the one it names, else that of the number it calls; "" for none."""
    point = entry(content)
    if point.get("FlowId"):
        return bare(str(point["FlowId"]))
    found = answering(store, str(point.get("DestinationPhoneNumber") or ""))
    return found[1] if found is not None and found[0] is instance else ""


def _is_asked_for(case: ConnectResource, one: Execution, params: Mapping[str, Any]) -> bool:
    begins, ends = params.get("StartTime"), params.get("EndTime")
    conditions: Sequence[bool] = (
        params.get("TestCaseId") in (None, case.id),
        params.get("TestCaseName") in (None, case.values["Name"]),
        params.get("Status") in (None, one.status),
        begins is None or one.asked * 1000 >= begins,
        ends is None or one.asked * 1000 <= ends,
    )
    return all(conditions)


def _made(site: Site) -> Executions:
    """On the ground of contacts: their centre, their functions, their timers."""
    live = site.live

    def bots(contact: Contact, request: BotRequest, said: str) -> LexAnswered | None:
        return heard(live.bots, contact, request, said)

    return Executions(site.store, Grounds(live.centre, live.driver.functions.ask, live.ground.at, bots))


PART = ConnectPart(_made, quotas={})
