"""Evaluation forms: numbered versions, of which one can be active. A version that was active is never changed again.

Chosen here, since AWS's pages do not say: a deactivated version stays locked, and titles need not be unique.
https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateEvaluationForm.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sbctl.sandbox.connect.idempotency import once
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.stamps import given
from sbctl.sandbox.connect.store import CONFLICT, ConnectResource, Instance, ResourceStore, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "evaluation-form"
SAID = (
    *("Title", "Description", "Items", "ScoringStrategy", "AutoEvaluationConfiguration", "ReviewConfiguration"),
    *("TargetConfiguration", "LanguageConfiguration", "AIVersion"),
)
OF_EACH = 100
"""Sections, and questions, of one form."""
Version = dict[str, Any]


class EvaluationForms:
    """The operations on evaluation forms."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateEvaluationForm": self.create,
            "DescribeEvaluationForm": self.describe,
            "UpdateEvaluationForm": self.update,
            "ActivateEvaluationForm": self.activate,
            "DeactivateEvaluationForm": self.deactivate,
            "DeleteEvaluationForm": self.delete,
            "ListEvaluationForms": self.list_all,
            "ListEvaluationFormVersions": self.list_versions,
        }

    def create(self, call: Call) -> Answer:
        _check(call.params["Items"])

        def make(instance: Instance) -> ConnectResource:
            self._store.room(instance, KIND, CONFLICT)
            values = {"Name": call.params["Title"], "Versions": {1: self._version(call)}, "Active": None}
            return self._store.put(instance, KIND, values, call.params.get("Tags") or {})

        return _ids(once(self._store, call, KIND, make))

    def _version(self, call: Call) -> Version:
        now = self._store.clock.now()
        return {**given(call.params, SAID), "Locked": False, "CreatedTime": now, "LastModifiedTime": now}

    def describe(self, call: Call) -> Answer:
        form = self._form(call)
        number = call.params.get("EvaluationFormVersion") or form.values["Active"] or max(_versions(form))
        one = _numbered(form, number)
        shown = {**self._row(form, number, one), **given(one, SAID), "Tags": dict(form.tags)}
        return {"EvaluationForm": shown}

    def update(self, call: Call) -> Answer:
        """All of a version at once, or a new version of it."""
        form, number = self._form(call), int(call.params["EvaluationFormVersion"])
        before = _numbered(form, number)
        _check(call.params["Items"])
        new = self._version(call)
        if call.params.get("CreateNewVersion"):
            number = max(_versions(form)) + 1
        elif before["Locked"]:
            raise ApiError("ResourceConflictException", f"Version {number} of the form is locked", 409)
        else:
            new["CreatedTime"] = before["CreatedTime"]
        self._store.change(form, Name=call.params["Title"], Versions={**_versions(form), number: new})
        return {**_ids(form), "EvaluationFormVersion": number}

    def activate(self, call: Call) -> Answer:
        form, number = self._form(call), int(call.params["EvaluationFormVersion"])
        _numbered(form, number)["Locked"] = True
        self._store.change(form, Active=number, Activated=self._store.clock.now())
        return {**_ids(form), "EvaluationFormVersion": number}

    def deactivate(self, call: Call) -> Answer:
        form, number = self._form(call), int(call.params["EvaluationFormVersion"])
        _numbered(form, number)
        if form.values["Active"] != number:
            raise ApiError("ResourceConflictException", f"Version {number} of the form is not active", 409)
        form.values["Active"] = None
        self._store.touched(form, None)
        return {**_ids(form), "EvaluationFormVersion": number}

    def delete(self, call: Call) -> Answer:
        form, number = self._form(call), call.params.get("EvaluationFormVersion")
        if number is not None:
            _numbered(form, number)
        if form.values["Active"] is not None and number in (None, form.values["Active"]):
            raise ApiError("ResourceConflictException", "An active form is not deleted", 409)
        left = {} if number is None else {known: one for known, one in _versions(form).items() if known != number}
        if left:
            self._store.change(form, Versions=left)
        else:
            self._store.remove(self._store.active(call), form)
        return {}

    def list_all(self, call: Call) -> Answer:
        found, rest = page(list(self._store.active(call).all(KIND).values()), call.params, 100)
        return {"EvaluationFormSummaryList": [self._summary(form) for form in found], **rest}

    def _summary(self, form: ConnectResource) -> dict[str, Any]:
        every = _versions(form)
        activated = {"LastActivatedTime": form.values["Activated"], "LastActivatedBy": self._who()}
        return {
            **_ids(form),
            "Title": form.values["Name"],
            "CreatedTime": min(one["CreatedTime"] for one in every.values()),
            "CreatedBy": self._who(),
            "LastModifiedTime": form.changed,
            "LastModifiedBy": self._who(),
            "LatestVersion": max(every),
            "ActiveVersion": form.values["Active"],
            **(activated if form.values.get("Activated") else {}),
        }

    def list_versions(self, call: Call) -> Answer:
        form = self._form(call)
        found, rest = page(sorted(_versions(form).items(), reverse=True), call.params, 100)
        return {"EvaluationFormVersionSummaryList": [self._row(form, *one) for one in found], **rest}

    def _row(self, form: ConnectResource, number: int, one: Version) -> dict[str, Any]:
        return {
            **_ids(form),
            "EvaluationFormVersion": number,
            "Locked": one["Locked"],
            "Status": "ACTIVE" if form.values["Active"] == number else "DRAFT",
            "CreatedTime": one["CreatedTime"],
            "CreatedBy": self._who(),
            "LastModifiedTime": one["LastModifiedTime"],
            "LastModifiedBy": self._who(),
        }

    def _who(self) -> str:
        return f"arn:aws:iam::{self._store.account}:root"

    def _form(self, call: Call) -> ConnectResource:
        return self._store.resource(call, KIND, "EvaluationFormId")


def _ids(form: ConnectResource) -> dict[str, Any]:
    return {"EvaluationFormId": form.id, "EvaluationFormArn": form.arn}


def _versions(form: ConnectResource) -> dict[int, Version]:
    found: dict[int, Version] = form.values["Versions"]
    return found


def _numbered(form: ConnectResource, number: int) -> Version:
    found = _versions(form).get(number)
    if found is None:
        raise missing("version of the evaluation form", str(number))
    return found


def _check(items: Sequence[Mapping[str, Any]]) -> None:
    for member in ("Section", "Question"):
        names = [str(one["RefId"]) for one in _all(items, member)]
        if len(names) > OF_EACH:
            raise ApiError("InvalidParameterException", f"A form has at most {OF_EACH} of {member}", 400)
    every = [str(one["RefId"]) for member in ("Section", "Question") for one in _all(items, member)]
    if len(every) != len(set(every)):
        raise ApiError("InvalidParameterException", "A RefId is there twice", 400)
    if any(item.get("Question") for item in items):
        raise ApiError("InvalidParameterException", "Questions must be contained in a section", 400)


def _all(items: Sequence[Mapping[str, Any]], member: str) -> Iterator[Mapping[str, Any]]:
    """The sections, or the questions, of a form, at any depth."""
    for item in items:
        if item.get(member):
            yield item[member]
        yield from _all((item.get("Section") or {}).get("Items") or [], member)


PART = ConnectPart(lambda site: EvaluationForms(site.store), quotas={KIND: 100})
