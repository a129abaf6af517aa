"""Versions of contact flows and modules: one for each content that a deploy published, the last ten of them.

A version of other people's is never deleted. Its description says of what a version is.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateContactFlowVersion.html
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.versions import KeptVersion
from sbctl.resources.calls import connect

KEPT = 10
PAGE = 100
SHOWN = 12
"""Characters of a digest that tell it from others."""
_DESCRIPTION = re.compile(r"^Deployed by sbctl: file (\w*), content (\w+)$")


def digest_of(content: Mapping[str, Any]) -> str:
    """What tells a content from others, layout left out. Of a file's content it is the same in all regions."""
    meant = {name: value for name, value in content.items() if name != "Metadata"}
    return hashlib.sha256(json.dumps(meant, sort_keys=True).encode()).hexdigest()[:SHOWN]


@dataclass(frozen=True)
class Operations:
    """AWS's names for the versions of one sort of content; `noun` begins its members: ContactFlowId."""

    noun: str
    list: str
    create: str
    delete: str
    describe: str
    checksum: str

    def at(self, ids: Mapping[str, str], number: int = 0) -> dict[str, str]:
        """The members that name one, or a version of it."""
        return {"InstanceId": ids["instance"], f"{self.noun}Id": f"{ids['id']}:{number}" if number else ids["id"]}


FLOWS = Operations(
    "ContactFlow",
    list="ListContactFlowVersions",
    create="CreateContactFlowVersion",
    delete="DeleteContactFlowVersion",
    describe="DescribeContactFlow",
    checksum="FlowContentSha256",
)
MODULES = Operations(
    "ContactFlowModule",
    list="ListContactFlowModuleVersions",
    create="CreateContactFlowModuleVersion",
    delete="DeleteContactFlowModuleVersion",
    describe="DescribeContactFlowModule",
    checksum="FlowModuleContentSha256",
)


def versions(of: Operations, aws: AwsCalls, region: str, ids: Mapping[str, str], published: Any) -> list[KeptVersion]:
    """All versions of one, the newest first; which of them have the published content."""
    rows = connect.pages(aws, region, of.list, f"{of.noun}VersionSummaryList", PAGE, **of.at(ids))
    mark = "" if published is None else digest_of(published)
    return sorted((_version(row, mark) for row in rows), key=lambda one: -one.number)


def keep(
    of: Operations,
    aws: AwsCalls,
    region: str,
    ids: Mapping[str, str],
    content: Mapping[str, Any],
    checksum: str,
    digest: str,
    *,
    new: bool,
) -> None:
    """Make a version of the published content, unless the last one has it; of sbctl's own, delete all but the last ten.

    `checksum` is the service's own of the content: where it has another by now, somebody published in between, and it refuses.
    A `new` one has no versions that would have to be asked for. Raises AwsError.
    """
    own = [] if new else [one for one in versions(of, aws, region, ids, content) if one.content]
    if not own or not own[0].present or own[0].digest != digest:
        params = {**of.at(ids), "Description": f"Deployed by sbctl: file {digest}, content {digest_of(content)}"}
        compared = connect.given(**{of.checksum: checksum or None})
        made = aws.call("connect", of.create, region, **params, **compared)
        own = [KeptVersion(made["Version"]), *own]
    _delete(of, aws, region, ids, own[KEPT:])


def content_of_version(of: Operations, aws: AwsCalls, region: str, ids: Mapping[str, str], number: int) -> str | None:
    """The content of a version as text; None where there is no such version."""
    found = connect.present(aws, region, of.describe, **of.at(ids, number))
    return str(found[of.noun]["Content"]) if found else None


def _delete(of: Operations, aws: AwsCalls, region: str, ids: Mapping[str, str], old: Iterable[KeptVersion]) -> None:
    for one in old:
        connect.present(aws, region, of.delete, **{**of.at(ids), f"{of.noun}Version": one.number})


def _version(row: Mapping[str, Any], published: str) -> KeptVersion:
    said = _DESCRIPTION.match(row.get("VersionDescription") or "")
    digest, content = said.groups() if said else ("", "")
    present = content == published != ""
    return KeptVersion(row["Version"], row.get("LastModifiedTime"), digest, content, present)
