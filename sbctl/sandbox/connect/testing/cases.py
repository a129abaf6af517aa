"""Test cases: published content is validated, drafts are not. A case holds what was published last, and its draft.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateTestCase.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.connect.testing.content import problems
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "test-case"
MOST = 500
"""Of an instance: OURS, for AWS's pages name no quota."""
EXECUTIONS = "Executions"
"""The value of a test case that holds its executions, by their ids."""
ENTRIES = {"VOICE_CALL": "VoiceCallEntryPointParameters", "CHAT": "ChatEntryPointParameters"}


class CaseOperations:
    """The operations on test cases."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateTestCase": self.create,
            "DescribeTestCase": self.describe,
            "UpdateTestCase": self.update,
            "DeleteTestCase": self.delete,
            "ListTestCases": self.list_all,
            "SearchTestCases": self.search,
        }

    def create(self, call: Call) -> Answer:
        instance, params = self._store.active(call), call.params
        status = str(params.get("Status") or "PUBLISHED")
        self._check(instance, params, status)
        shown = _content(params)
        values: dict[str, Any] = {
            "Name": params["Name"],
            "Description": params.get("Description"),
            "Draft": shown,
            "Published": shown if status == "PUBLISHED" else None,
            "Region": params.get("LastModifiedRegion") or instance.region,
            EXECUTIONS: {},
        }
        found = self._store.add(instance, KIND, values, params.get("Tags") or {})
        return {"TestCaseId": found.id, "TestCaseArn": found.arn}

    def describe(self, call: Call) -> Answer:
        found = self._store.resource(call, KIND, "TestCaseId")
        wanted = call.params.get("Status")
        if wanted == "PUBLISHED" and found.values["Published"] is None:
            raise missing("published test case", found.id)
        return {"TestCase": _shown(found, str(wanted or _status(found)))}

    def update(self, call: Call) -> Answer:
        """Content without a status is published; of a draft it stays a draft."""
        instance, params = self._store.active(call), call.params
        found = self._store.resource(call, KIND, "TestCaseId")
        if params.get("Name"):
            self._store.unique(instance, KIND, params["Name"], found.id)
        status = str(params.get("Status") or _status(found))
        content = {**found.values["Draft"], **_content(params)}
        self._check(instance, content, status)
        named = {"Name": params.get("Name"), "Description": params.get("Description")}
        published = content if status == "PUBLISHED" else None
        self._store.change(found, **named, Draft=content, Published=published)
        return {}

    def delete(self, call: Call) -> Answer:
        self._store.remove(self._store.active(call), self._store.resource(call, KIND, "TestCaseId"))
        return {}

    def list_all(self, call: Call) -> Answer:
        found, rest = page([*self._store.active(call).all(KIND).values()], call.params, 1000, 100)
        rows = [
            {
                "Id": one.id,
                "Arn": one.arn,
                "Name": one.values["Name"],
                "Status": _status(one),
                "LastModifiedTime": one.changed,
                "LastModifiedRegion": one.values["Region"],
            }
            for one in found
        ]
        return {"TestCaseSummaryList": rows, **rest}

    def search(self, call: Call) -> Answer:
        every = [
            one
            for one in chosen(self._store.searched(self._store.active(call), KIND), _without_status(call.params))
            if _has_status(one, call.params.get("SearchCriteria") or {})
        ]
        found, rest = page(every, call.params, 100)
        shown = [_shown(one, _status(one)) for one in found]
        return {"TestCases": shown, "ApproximateTotalCount": len(every), **rest}

    def _check(self, instance: Instance, params: Mapping[str, Any], status: str) -> None:
        if status == "SAVED":
            return
        found = [*problems(params["Content"]), *_entry_problems(instance, params)]
        if found:
            told = {"Problems": [{"message": text[:256]} for text in found[:50]]}
            raise ApiError("InvalidTestCaseException", "", 400, told)


def entry(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters of the entry point of a content: FlowId, and the numbers of a call."""
    point = values.get("EntryPoint") or {}
    found: Mapping[str, Any] = point.get(ENTRIES.get(str(point.get("Type")), "")) or {}
    return found


def _entry_problems(instance: Instance, params: Mapping[str, Any]) -> Iterator[str]:
    flow = entry(params).get("FlowId")
    if flow and bare(flow) not in instance.all("contact-flow"):
        yield f"InvalidEntryPointProblem: Invalid flow: {flow}"
    try:
        found = json.loads(params.get("InitializationData") or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        yield "InvalidInitializationDataProblem: The initialization data is not a JSON object"


def _content(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: params[name] for name in ("Content", "EntryPoint", "InitializationData") if params.get(name)}


def _status(case: ConnectResource) -> str:
    return "SAVED" if case.values["Published"] is None else "PUBLISHED"


def _shown(case: ConnectResource, status: str) -> dict[str, Any]:
    content = case.values["Draft"] if status == "SAVED" else case.values["Published"] or case.values["Draft"]
    return {
        "Id": case.id,
        "Arn": case.arn,
        "Name": case.values["Name"],
        "Description": case.values["Description"] or None,
        "Status": status,
        **content,
        "Tags": dict(case.tags),
        "TestCaseSha256": sha256(content["Content"].encode()).hexdigest(),
        "LastModifiedTime": case.changed,
        "LastModifiedRegion": case.values["Region"],
    }


def _has_status(case: ConnectResource, criteria: Mapping[str, Any]) -> bool:
    """The condition on the status, also where it stands deeper."""
    if criteria.get("StatusCondition") not in (None, _status(case)):
        return False
    either = criteria.get("OrConditions")
    return all(_has_status(case, one) for one in criteria.get("AndConditions") or ()) and (
        not either or any(_has_status(case, one) for one in either)
    )


def _without_status(params: Mapping[str, Any]) -> dict[str, Any]:
    return {**params, "SearchCriteria": _bare_criteria(params.get("SearchCriteria") or {})}


def _bare_criteria(criteria: Mapping[str, Any]) -> dict[str, Any]:
    nested = {
        name: [_bare_criteria(one) for one in criteria[name]]
        for name in ("OrConditions", "AndConditions")
        if criteria.get(name)
    }
    return {**{name: value for name, value in criteria.items() if name != "StatusCondition"}, **nested}


PART = ConnectPart(lambda site: CaseOperations(site.store), quotas={KIND: MOST})
