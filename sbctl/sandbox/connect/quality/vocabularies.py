"""Words that transcripts of a language shall know. Made and deleted asynchronously; a table that is none fails.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateVocabulary.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.idempotency import once
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.store import CONFLICT, ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KIND = "vocabulary"
DEFAULTS = "default-vocabulary"
WORK_SECONDS = 5.0
"""How long it takes to make one or to delete it. AWS says no figure; minutes are usual."""
COLUMNS = {"Phrase", "IPA", "SoundsLike", "DisplayAs"}


class Vocabularies:
    """The operations on vocabularies."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateVocabulary": self.create,
            "DescribeVocabulary": self.describe,
            "DeleteVocabulary": self.delete,
            "SearchVocabularies": self.search,
            "AssociateDefaultVocabulary": self.associate_default,
            "ListDefaultVocabularies": self.list_defaults,
        }

    def create(self, call: Call) -> Answer:
        params = call.params

        def make(instance: Instance) -> ConnectResource:
            values = {
                "Name": params["VocabularyName"],
                "LanguageCode": params["LanguageCode"],
                "Content": params["Content"],
                "ReadyAt": self._store.clock.seconds() + WORK_SECONDS,
            }
            self._living(instance)
            return self._store.add(instance, KIND, values, params.get("Tags") or {}, CONFLICT)

        return self._state_of(once(self._store, call, KIND, make))

    def describe(self, call: Call) -> Answer:
        found = self._named(call)
        content = {"Content": found.values["Content"], "Tags": dict(found.tags)}
        return {"Vocabulary": {**self._row(found), **content}}

    def delete(self, call: Call) -> Answer:
        instance, found = self._store.active(call), self._named(call)
        if any(one.values["VocabularyId"] == found.id for one in instance.all(DEFAULTS).values()):
            raise ApiError("ResourceInUseException", "The vocabulary is the default of its language", 409)
        if "GoneAt" not in found.values:
            self._store.change(found, GoneAt=self._store.clock.seconds() + WORK_SECONDS)
        return self._state_of(found)

    def search(self, call: Call) -> Answer:
        params = call.params
        every = [
            one
            for one in self._living(self._store.active(call))
            if params.get("State") in (None, self._state(one))
            and params.get("LanguageCode") in (None, one.values["LanguageCode"])
            and one.values["Name"].startswith(params.get("NameStartsWith") or "")
        ]
        found, rest = page(every, params, 100)
        return {"VocabularySummaryList": [self._row(one) for one in found], **rest}

    def associate_default(self, call: Call) -> Answer:
        """Without a vocabulary the language has no default any more."""
        instance, language = self._store.active(call), call.params["LanguageCode"]
        chosen = self._named(call) if call.params.get("VocabularyId") else None
        if chosen is not None and (chosen.values["LanguageCode"] != language or self._state(chosen) != "ACTIVE"):
            raise ApiError("InvalidRequestException", f"The vocabulary is not an active one of {language}", 400)
        for one in [*instance.all(DEFAULTS).values()]:
            if one.values["Name"] == language:
                self._store.remove(instance, one)
        if chosen is not None:
            self._store.put(instance, DEFAULTS, {"Name": language, "VocabularyId": chosen.id}, {})
        return {}

    def list_defaults(self, call: Call) -> Answer:
        instance, language = self._store.active(call), call.params.get("LanguageCode")
        every = [one for one in instance.all(DEFAULTS).values() if language in (None, one.values["Name"])]
        found, rest = page(every, call.params, 100)
        rows = [
            {
                "InstanceId": instance.id,
                "LanguageCode": one.values["Name"],
                "VocabularyId": one.values["VocabularyId"],
                "VocabularyName": instance.all(KIND)[one.values["VocabularyId"]].values["Name"],
            }
            for one in found
        ]
        return {"DefaultVocabularyList": rows, **rest}

    def _living(self, instance: Instance) -> list[ConnectResource]:
        for one in [*instance.all(KIND).values()]:
            if one.values.get("GoneAt", float("inf")) <= self._store.clock.seconds():
                self._store.remove(instance, one)
        return [*instance.all(KIND).values()]

    def _named(self, call: Call) -> ConnectResource:
        named = bare(str(call.params["VocabularyId"]))
        found = next((one for one in self._living(self._store.active(call)) if one.id == named), None)
        if found is None:
            raise missing(KIND, named)
        return found

    def _state(self, one: ConnectResource) -> str:
        if "GoneAt" in one.values:
            return "DELETE_IN_PROGRESS"
        if one.values["ReadyAt"] > self._store.clock.seconds():
            return "CREATION_IN_PROGRESS"
        return "CREATION_FAILED" if _fault(one.values["Content"]) else "ACTIVE"

    def _state_of(self, one: ConnectResource) -> Answer:
        return {"VocabularyArn": one.arn, "VocabularyId": one.id, "State": self._state(one)}

    def _row(self, one: ConnectResource) -> dict[str, Any]:
        state = self._state(one)
        return {
            "Name": one.values["Name"],
            "Id": one.id,
            "Arn": one.arn,
            "LanguageCode": one.values["LanguageCode"],
            "State": state,
            "LastModifiedTime": one.changed,
            "FailureReason": _fault(one.values["Content"]) if state == "CREATION_FAILED" else None,
        }


def _fault(content: str) -> str:
    """Why a table of words is none; "" where it is one."""
    rows = [line.split("\t") for line in content.splitlines() if line.strip()]
    if not rows or "Phrase" not in rows[0] or set(rows[0]) - COLUMNS:
        return "The first row must have the columns Phrase, SoundsLike, IPA and DisplayAs, separated by tabs"
    short = next((number for number, row in enumerate(rows, 1) if len(row) != len(rows[0])), None)
    return f"Row {short} has another number of columns than the first" if short else ""


PART = ConnectPart(lambda site: Vocabularies(site.store), quotas={KIND: 20, DEFAULTS: 100})
