"""What the simulated Connect remembers: instances by region, and in each the resources by kind and id."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sbctl.sandbox.service import ApiError, Call
from sbctl.sandbox.time.clock import WorldClock

SEARCH_LAG_SECONDS = 1.0
QUOTA = 500
"""Of kinds that no part states: what a new instance comes with."""


DUPLICATE = "DuplicateResourceException"
STATUS = {
    "LimitExceededException": 429,
    "ServiceQuotaExceededException": 402,
    "InvalidParameterException": 400,
    "InvalidRequestException": 400,
}


@dataclass(frozen=True)
class Codes:
    """The errors with which a sort of resource says that a name is taken, and that there are too many."""

    taken: str = DUPLICATE
    full: str = "LimitExceededException"


USUAL = Codes()
CONFLICT = Codes("ResourceConflictException", "ServiceQuotaExceededException")
"""Of associations with an instance, and of what Contact Lens has."""


@dataclass
class ConnectResource:
    """One resource. `visible_at` is when search shows its present form, `before` what it shows until then."""

    id: str
    arn: str
    kind: str
    values: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)
    changed: datetime | None = None
    visible_at: float = 0.0
    before: dict[str, Any] | None = None


@dataclass
class Instance:
    """A Connect instance and everything in it."""

    id: str
    arn: str
    region: str
    values: dict[str, Any]
    tags: dict[str, str]
    created: datetime
    ready_at: float
    gone_at: float | None = None
    failure: str = ""
    """Why its creation failed; "" where it did not."""
    attributes: dict[str, str] = field(default_factory=dict)
    storage: dict[str, dict[str, Any]] = field(default_factory=dict)
    functions: list[str] = field(default_factory=list)
    resources: dict[str, dict[str, ConnectResource]] = field(default_factory=dict)
    ghosts: list[tuple[float, ConnectResource]] = field(default_factory=list)
    """What was deleted, until search forgets it."""

    def all(self, kind: str) -> dict[str, ConnectResource]:
        return self.resources.setdefault(kind, {})


@dataclass
class ClaimedNumber:
    """A telephone number of the account: in an instance, or wherever else `target`, an ARN, says."""

    id: str
    arn: str
    region: str
    number: str
    country: str
    type: str
    target: str
    ready_at: float
    """When the claim or the last change of it is done."""
    description: str = ""
    failure: str = ""
    """Why the last claim or move failed; "" where it did not."""
    held: bool = True
    """False where the claim failed: the number is nobody's, and still shown for a while."""
    flows: dict[str, str] = field(default_factory=dict)
    """Instance's id → id of the flow that answers it there."""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class Numbers:
    """All numbers of the account by id, and when which was claimed or let go: (when, target, number, "claimed" or "released")."""

    claimed: dict[str, ClaimedNumber] = field(default_factory=dict)
    history: list[tuple[float, str, str, str]] = field(default_factory=list)


def nothing_applied(_region: str, _code: str, *_resources: str) -> float | None:
    """Every quota has its default."""
    return None


@dataclass(frozen=True)
class Quotas:
    """How many of each kind of thing there may be, the code of the quota that counts it, and what was applied to that quota."""

    defaults: Mapping[str, int]
    codes: Mapping[str, str] = field(default_factory=dict)
    raised: Callable[..., float | None] = nothing_applied


class ResourceStore:
    """All instances of the account. Every operation holds the lock."""

    def __init__(self, clock: WorldClock, account: str, fails: Callable[[str], str], quotas: Quotas) -> None:
        self._fails = fails
        self._quotas = quotas
        self.clock = clock
        self.account = account
        self.lock = threading.RLock()
        self.instances: dict[str, Instance] = {}
        self.tokens: dict[str, tuple[Any, str]] = {}
        self.numbers = Numbers()
        self.refusing: dict[str, str] = {}
        """By region: why instances that are made there from now on fail."""

    def refused(self, region: str) -> str:
        """Why an instance that is made in a region now fails; "" when it does not."""
        return self.refusing.get(region, "") or self._fails(region)

    def living(self, region: str) -> list[Instance]:
        """Instances of a region that have not vanished yet."""
        now = self.clock.seconds()
        return [i for i in self.instances.values() if i.region == region and (i.gone_at is None or i.gone_at > now)]

    def instance(self, call: Call) -> Instance:
        """The instance that a call names, by id or ARN."""
        return self._instance(call.region, str(call.params["InstanceId"]))

    def _instance(self, region: str, named: str) -> Instance:
        found = next((item for item in self.living(region) if item.id == bare(named)), None)
        if found is None:
            raise missing("instance", bare(named))
        return found

    def active(self, call: Call) -> Instance:
        """The instance that a call names, when it is ready to hold resources."""
        return self.ready(call.region, str(call.params["InstanceId"]))

    def ready(self, region: str, named: str) -> Instance:
        """The instance of an id or ARN, when it is ready to hold resources."""
        found = self._instance(region, named)
        if found.ready_at > self.clock.seconds():
            raise ApiError("InvalidRequestException", "The instance is still being created", 400)
        if found.failure:
            raise ApiError("InvalidRequestException", "The instance could not be created", 400)
        return found

    def most(self, kind: str, instance: Instance | None = None) -> float:
        """How many of a kind there may be in an instance, or without one in a region."""
        code = self._quotas.codes.get(kind)
        if code is not None and instance is not None:
            raised = self._quotas.raised(instance.region, code, instance.id, instance.arn)
            if raised is not None:
                return raised
        return self._quotas.defaults.get(kind, QUOTA)

    def resource(self, call: Call, kind: str, parameter: str) -> ConnectResource:
        """The resource that a call names, by id or ARN."""
        named = bare(str(call.params[parameter]))
        found = self.active(call).all(kind).get(named)
        if found is None:
            raise missing(kind, named)
        return found

    def add(
        self, instance: Instance, kind: str, values: dict[str, Any], tags: dict[str, str], codes: Codes | None = None
    ) -> ConnectResource:
        """Make a resource; its name must be new in the instance. `codes`: how its operation says that it cannot be made."""
        known = codes or USUAL
        self.unique(instance, kind, str(values["Name"]), code=known.taken)
        self.room(instance, kind, known)
        return self.put(instance, kind, values, tags)

    def room(self, instance: Instance, kind: str, codes: Codes | None = None) -> None:
        """Refuse one more of a kind where there are as many as there may be."""
        if len(instance.all(kind)) >= self.most(kind, instance):
            full = (codes or USUAL).full
            raise ApiError(full, f"The quota of {kind} is reached", STATUS[full])

    def put(self, instance: Instance, kind: str, values: dict[str, Any], tags: dict[str, str]) -> ConnectResource:
        """Make a resource of which it was looked at already whether it may be made."""
        identity = str(uuid4())
        resource = ConnectResource(identity, f"{instance.arn}/{kind}/{identity}", kind, values, dict(tags))
        instance.all(kind)[identity] = resource
        self.touched(resource, None)
        return resource

    def unique(self, instance: Instance, kind: str, name: str, but: str = "", code: str = DUPLICATE) -> None:
        """Refuse a name that another resource of the kind has."""
        if any(other.values["Name"] == name and other.id != but for other in instance.all(kind).values()):
            raise ApiError(code, f"Another {kind} has the name {name}", STATUS.get(code, 409))

    def touched(self, resource: ConnectResource, before: dict[str, Any] | None) -> None:
        """Remember when a resource changed: search is behind by a moment."""
        resource.changed = self.clock.now()
        resource.before = before
        resource.visible_at = self.clock.seconds() + SEARCH_LAG_SECONDS

    def change(self, resource: ConnectResource, **values: Any) -> None:
        """Set values; None leaves one as it is."""
        before = dict(resource.values)
        resource.values.update({name: value for name, value in values.items() if value is not None})
        self.touched(resource, before)

    def remove(self, instance: Instance, resource: ConnectResource) -> None:
        del instance.all(resource.kind)[resource.id]
        instance.ghosts.append((self.clock.seconds() + SEARCH_LAG_SECONDS, resource))

    def searched(self, instance: Instance, kind: str) -> Iterator[ConnectResource]:
        """The resources as the search index has them now."""
        now = self.clock.seconds()
        for resource in instance.all(kind).values():
            if resource.visible_at <= now:
                yield resource
            elif resource.before is not None:
                yield ConnectResource(resource.id, resource.arn, kind, resource.before, resource.tags, resource.changed)
        instance.ghosts = [(until, resource) for until, resource in instance.ghosts if until > now]
        yield from (resource for _, resource in instance.ghosts if resource.kind == kind)


def bare(named: str) -> str:
    """The id in an id or an ARN."""
    return named.rpartition("/")[2]


def missing(kind: str, named: str) -> ApiError:
    return ApiError("ResourceNotFoundException", f"The {kind} {named} does not exist", 404)
