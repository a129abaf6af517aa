"""Random projects that are valid: one to three regions and what may live in them, flows that refer to each other.

Names come from a few words, so that two drawn one after the other share some: things stay, change, come and go.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.sandbox.deployed import REGIONS

WORDS = ("Sales", "Support", "Billing Desk", "VIP-Sales", "Zürich")
NAMES = ("orders", "customers-global", "audit.log", "x-1")
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
TEXTS = st.sampled_from(("Calls", "Calls & chats", "Anrufe für alle", 'with "quotes" and \\ slashes', "x" * 200))
HANDLER = 'def handler(event, context):\n    return {{"said": {0!r}}}\n'


@dataclass(frozen=True)
class Files:
    """A project as files: regions.json, flows by name, sources of functions by name."""

    regions: dict[str, Any]
    flows: dict[str, Any]
    functions: dict[str, str]

    def write(self, folder: Path) -> None:
        """Put them into a folder in the place of those that are there; the state is left alone."""
        for name in ("config", "flows", "lambdas"):
            shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).mkdir(parents=True)
        (folder / "config" / "regions.json").write_text(json.dumps(self.regions), encoding="utf-8")
        (folder / "config" / "failover-rules.json").write_text("{}", encoding="utf-8")
        for name, flow in self.flows.items():
            (folder / "flows" / f"{name}.json").write_text(json.dumps(flow), encoding="utf-8")
        for name, source in self.functions.items():
            (folder / "lambdas" / name).mkdir()
            (folder / "lambdas" / name / "handler.py").write_text(source, encoding="utf-8")


def _some(words: tuple[str, ...], least: int = 0, most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(words), min_size=least, max_size=most, unique=True)


@st.composite
def projects(draw: st.DrawFn) -> Files:
    """One valid project; its name, account and domain are always the same."""
    codes = list(REGIONS[: draw(st.integers(1, len(REGIONS)))])
    hours, queues = draw(_some(WORDS, 1)), draw(_some(WORDS, 1))
    functions, tables = draw(_some(("lookup", "notify_2"), most=2)), draw(_some(NAMES, most=2))
    flows = draw(_some(("Welcome", "Menu", "After Hours"), most=3))
    shared = draw(st.booleans())
    regions = {
        "project": "random",
        "account": "123456789012",
        "domain": "example.com",
        "strategy": "active-active" if shared else "active-passive",
        **({"routing": draw(st.sampled_from(("weighted", "latency")))} if shared else {}),
        "tags": draw(
            st.dictionaries(st.sampled_from(("team", "cost center")), st.sampled_from(("a", "b c")), max_size=2)
        ),
        "regions": [_region(code, number) for number, code in enumerate(codes, 1)],
        "hours": [draw(_hours(name)) for name in hours],
        "queues": [draw(_queue(name, hours, codes)) for name in queues],
        "routingProfiles": [draw(_profile(name, queues)) for name in draw(_some(WORDS, most=2))],
        "lambdas": [draw(_function(name, tables)) for name in functions],
        "tables": [draw(_table(name)) for name in tables],
        "buckets": [
            {"name": "recordings"},
            *(draw(_bucket(name)) for name in draw(_some(("docs", "exports-2"), most=1))),
        ],
        **draw(st.sampled_from(({}, {"alarms": [], "dashboards": []}))),
    }
    sources = {name: HANDLER.format(draw(st.sampled_from(("one", "two")))) for name in functions}
    return Files(regions, {name: draw(_flow(name, flows, queues, functions)) for name in flows}, sources)


def _region(code: str, number: int) -> dict[str, Any]:
    return {"name": code.upper(), "region": code, "isPrimary": number == 1, "priority": number}


@st.composite
def _hours(draw: st.DrawFn, name: str) -> dict[str, Any]:
    if draw(st.booleans()):
        return {"name": name, "timeZone": "UTC", "always": True}
    zone = draw(st.sampled_from(("America/New_York", "Europe/London", "Asia/Kolkata")))
    begin = draw(st.integers(0, 12))
    open_ = {"days": draw(_some(DAYS, 1, 7)), "start": f"{begin:02d}:00", "end": f"{begin + 8:02d}:30"}
    return {"name": name, "timeZone": zone, "description": draw(TEXTS), "open": [open_]}


@st.composite
def _queue(draw: st.DrawFn, name: str, hours: list[str], codes: list[str]) -> dict[str, Any]:
    item: dict[str, Any] = {"name": name, "hours": draw(st.sampled_from(hours))}
    if draw(st.booleans()):
        item["description"] = draw(TEXTS)
    if draw(st.booleans()):
        item["maxContacts"] = draw(st.integers(0, 500))
    if draw(st.booleans()):
        item["overrides"] = {draw(st.sampled_from(codes)): {"maxContacts": draw(st.integers(1, 9))}}
    return item


@st.composite
def _profile(draw: st.DrawFn, name: str, queues: list[str]) -> dict[str, Any]:
    chosen = draw(st.lists(st.sampled_from(queues), min_size=0, max_size=3, unique=True))
    return {
        "name": name,
        "description": draw(TEXTS),
        "defaultOutboundQueue": draw(st.sampled_from(queues)),
        "concurrency": draw(st.sampled_from(({"VOICE": 1}, {"VOICE": 1, "CHAT": 3}))),
        "queues": [
            {"queue": one, "priority": draw(st.integers(1, 99)), "delay": draw(st.integers(0, 60))} for one in chosen
        ],
    }


@st.composite
def _function(draw: st.DrawFn, name: str, tables: list[str]) -> dict[str, Any]:
    item: dict[str, Any] = {"name": name, "timeoutSeconds": draw(st.integers(1, 60)), "url": draw(st.booleans())}
    reading = draw(st.booleans())
    if tables and reading:
        item[draw(st.sampled_from(("reads", "writes")))] = [tables[0]]
        item["environment"] = {"TABLE": f"${{table:{tables[0]}}}", "REGION": "${region}"}
    return item


@st.composite
def _table(draw: st.DrawFn, name: str) -> dict[str, Any]:
    # The keys follow from the name: they cannot be changed, and a table in the place of another loses its data.
    sort = {"sortKey": {"name": "SK", "type": "N"}} if name == "orders" else {}
    days = draw(st.integers(1, 35))
    return {"name": name, "partitionKey": {"name": "PK"}, **sort, "recoveryDays": days}


@st.composite
def _bucket(draw: st.DrawFn, name: str) -> dict[str, Any]:
    days = draw(st.sampled_from((None, 90, 400)))
    return {"name": name, "replicate": draw(st.booleans()), "glacierAfterDays": 30, "expireAfterDays": days}


@st.composite
def _flow(draw: st.DrawFn, name: str, flows: list[str], queues: list[str], functions: list[str]) -> dict[str, Any]:
    """A greeting, perhaps a function, then another flow (also this one, and also in a circle) or a queue."""
    steps = [_block("hello", "MessageParticipant", {"Text": f"{draw(TEXTS)} ${{region-name}}"})]
    asking = draw(st.booleans())
    if functions and asking:
        called = {"LambdaFunctionARN": f"${{lambda:{functions[0]}}}", "InvocationTimeLimitSeconds": "3"}
        steps.append(_block("ask", "InvokeLambdaFunction", called))
    if draw(st.booleans()):
        target = draw(st.sampled_from(flows))
        steps.append(_block("on", "TransferToFlow", {"ContactFlowId": f"${{flow:{target}}}"}))
    else:
        steps.append(
            _block("queue", "UpdateContactTargetQueue", {"QueueId": f"${{queue:{draw(st.sampled_from(queues))}}}"})
        )
    for step, after in zip(steps, [*steps[1:], {"Identifier": "end"}], strict=True):
        step["Transitions"]["NextAction"] = after["Identifier"]
    end = {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
    content = {"Version": "2019-10-30", "StartAction": "hello", "Actions": [*steps, end]}
    return {"name": name, "type": "CONTACT_FLOW", "description": draw(TEXTS), "content": content}


def _block(name: str, kind: str, parameters: dict[str, str]) -> dict[str, Any]:
    errors = [{"NextAction": "end", "ErrorType": "NoMatchingError"}]
    return {"Identifier": name, "Type": kind, "Parameters": parameters, "Transitions": {"Errors": errors}}
