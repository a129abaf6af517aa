"""Versions of flows and modules: what was published at a moment, immutable, numbered from 1 without a number used twice.

The service's pages tell of no quota and of no conflict when a version is deleted: both are chosen here.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateContactFlowVersion.html
https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateContactFlowModuleVersion.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.connect.flow_language.qualifier import aliases, named, numbered, sha, versions
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.store import ConnectResource, ResourceStore
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

MOST = 1000
"""Versions of one flow or module."""


@dataclass(frozen=True)
class Subject:
    """Flows or modules. `word` begins the names of their operations' members; `checksum` is the member of the checksum."""

    kind: str
    word: str
    checksum: str


FLOWS = Subject("contact-flow", "ContactFlow", "FlowContentSha256")
MODULES = Subject("flow-module", "ContactFlowModule", "FlowModuleContentSha256")


class Versions:
    """The operations on versions of flows, or on those of modules."""

    def __init__(self, store: ResourceStore, subject: Subject) -> None:
        self._store = store
        self._subject = subject
        self._parameter = f"{subject.word}Id"
        self._number = f"{subject.word}Version"

    def operations(self) -> Mapping[str, Operation]:
        word = self._subject.word
        return {
            f"Create{word}Version": self.create,
            f"Delete{word}Version": self.delete,
            f"List{word}Versions": self.list_all,
        }

    def create(self, call: Call) -> Answer:
        resource, content = self._published(call)
        given, params = call.params.get(self._subject.checksum), call.params
        if given and given.lower() != sha(content):
            raise _refused(f"{self._subject.checksum} is not the checksum of the published content")
        if len(versions(resource)) >= MOST:
            raise ApiError("LimitExceededException", f"The quota of {MOST} versions is reached", 429)
        number = self._next(resource, params)
        versions(resource)[number] = {
            "Version": number,
            "VersionDescription": params.get("Description") or None,
            "Content": content,
            "Settings": resource.values.get("Settings"),
            "LastModifiedTime": params.get("LastModifiedTime") or self._store.clock.now(),
            "LastModifiedRegion": params.get("LastModifiedRegion") or call.region,
        }
        resource.values["LastVersion"] = number
        return {f"{self._subject.word}Arn": resource.arn, "Version": number}

    def delete(self, call: Call) -> Answer:
        resource = named(self._store, call, self._subject.kind, self._parameter).resource
        number = int(call.params[self._number])
        numbered(resource, number)
        using = [alias["Name"] for alias in aliases(resource).values() if alias["Version"] == number]
        if using:
            raise _refused(f"The alias {using[0]} points to version {number}")
        del versions(resource)[number]
        return {}

    def list_all(self, call: Call) -> Answer:
        resource = named(self._store, call, self._subject.kind, self._parameter).resource
        found, rest = page(sorted(versions(resource).values(), key=_newest_first), call.params, 1000, 100)
        return {f"{self._subject.word}VersionSummaryList": [self._row(resource, one) for one in found], **rest}

    def _row(self, resource: ConnectResource, one: Mapping[str, Any]) -> dict[str, Any]:
        modified = ("LastModifiedTime", "LastModifiedRegion") if self._subject is FLOWS else ()
        names = ("Version", "VersionDescription", *modified)
        return {"Arn": f"{resource.arn}:{one['Version']}", **{name: one[name] for name in names}}

    def _published(self, call: Call) -> tuple[ConnectResource, str]:
        """A flow or module and its published content, of which alone there are versions."""
        found = named(self._store, call, self._subject.kind, self._parameter)
        content = found.resource.values.get("Content")
        if not found.is_latest or content is None:
            raise _refused("Only published content can become a version")
        return found.resource, str(content)

    def _next(self, resource: ConnectResource, params: Mapping[str, Any]) -> int:
        """The number to come. One that is asked for must be higher than all before."""
        last = int(resource.values.get("LastVersion") or 0)
        wanted = int(params.get(self._number) or last + 1)
        if wanted <= last:
            raise _refused(f"{self._number} must be higher than {last}")
        return wanted


def _newest_first(one: Mapping[str, Any]) -> int:
    return -int(one["Version"])


def _refused(why: str) -> ApiError:
    return ApiError("InvalidRequestException", why, 400)


class _Both:
    """Flows and modules alike."""

    def __init__(self, store: ResourceStore) -> None:
        self._each = [Versions(store, subject) for subject in (FLOWS, MODULES)]

    def operations(self) -> Mapping[str, Operation]:
        return {name: does for one in self._each for name, does in one.operations().items()}


PART = ConnectPart(lambda site: _Both(site.store), quotas={})
