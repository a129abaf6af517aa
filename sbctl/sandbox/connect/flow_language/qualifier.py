"""What stands behind the colon of a flow's or a module's id or ARN: a draft, the published content, a version, an alias.

https://docs.aws.amazon.com/connect/latest/adminguide/flows-versions-aliases.html
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.connect.store import ConnectResource, ResourceStore, bare, missing
from sbctl.sandbox.service import ApiError, Call

DRAFT = "$SAVED"
LATEST = "$LATEST"


@dataclass(frozen=True)
class Named:
    """What a call names: a flow or module, and what of it ("" where the call says nothing)."""

    resource: ConnectResource
    suffix: str

    @property
    def is_draft(self) -> bool:
        return self.suffix == DRAFT

    @property
    def is_latest(self) -> bool:
        """Whether the published content is meant."""
        return self.suffix in ("", LATEST)


def named(store: ResourceStore, call: Call, kind: str, parameter: str) -> Named:
    """What a call names by an id or an ARN. Raises ApiError where the instance has no such flow or module."""
    identity, _, suffix = bare(str(call.params[parameter])).partition(":")
    found = store.active(call).all(kind).get(identity)
    if found is None:
        raise missing(kind, identity)
    return Named(found, suffix)


def writable(store: ResourceStore, call: Call, kind: str, parameter: str) -> Named:
    """As `named`, of what can be changed. Raises ApiError for a version, which never changes, and for an alias."""
    found = named(store, call, kind, parameter)
    if found.is_draft or found.is_latest:
        return found
    version(found)
    raise ApiError("InvalidRequestException", f"The version {found.suffix} of the {kind} cannot be changed", 400)


def version(found: Named) -> dict[str, Any]:
    """The version that the suffix means, by its number or through an alias. Raises ApiError where there is none."""
    alias = aliases(found.resource).get(found.suffix)
    return numbered(found.resource, alias["Version"] if alias else found.suffix)


def numbered(resource: ConnectResource, number: int | str) -> dict[str, Any]:
    """The version of a number. Raises ApiError where there is none."""
    kept = {str(kept): one for kept, one in versions(resource).items()}.get(str(number))
    if kept is None:
        raise missing("version", f"{resource.id}:{number}")
    return kept


def versions(resource: ConnectResource) -> dict[int, dict[str, Any]]:
    """The versions of a flow or module by number. Worlds that were saved before there were any have none."""
    found: dict[int, dict[str, Any]] = resource.values.setdefault("Versions", {})
    return found


def aliases(resource: ConnectResource) -> dict[str, dict[str, Any]]:
    """The aliases of a flow or module by id."""
    found: dict[str, dict[str, Any]] = resource.values.setdefault("Aliases", {})
    return found


def sha(content: str) -> str:
    """The checksum that the service tells of content: over the text as it was sent."""
    return hashlib.sha256(content.encode(errors="surrogatepass")).hexdigest()
