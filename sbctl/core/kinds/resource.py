"""The contract of a kind of AWS resource. One file in sbctl/resources/ implements it once and ends with `RESOURCE = …`.

The engine resolves references, resolves conflicts and journals; a kind only knows how its resource is read and changed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from sbctl.core.address import Address
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.odd_answers import ASKING, told
from sbctl.core.kinds.facts import Adoption, Deletion, Impact, Quota, Resiliency, Room, Shortfall
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.kinds.versions import KeptVersion
from sbctl.core.problem import Problem, SbctlError
from sbctl.core.project import Project

S = TypeVar("S", bound=Spec)
C = TypeVar("C", bound=ConfigItem)


@dataclass(frozen=True)
class Live(Generic[S]):
    """A resource as AWS has it, in the shape of its Spec.

    `ids` is what update and delete need; `outputs` is what others may refer to (it always includes the ids);
    `owner` is the address in the ownership tag, when the kind can carry tags.
    """

    spec: S
    ids: Mapping[str, str]
    outputs: Mapping[str, Any] = field(default_factory=dict)
    owner: str = ""
    failed: Problem | None = None
    """Why it is of no use, where AWS could not make or keep it: it stands there, holds nothing, and can only be deleted."""
    also: tuple[Mapping[str, str], ...] = ()
    """Other ids under which it is the same resource: a global table may be asked in any region that has it."""

    def output(self, name: str) -> Any:
        """An output or an id by name; KeyError when there is none."""
        return self.outputs[name] if name in self.outputs else self.ids[name]


@dataclass(frozen=True)
class Retry:
    """An error that passes: AWS's `code`, a `text` that its message contains ("" for any), the reason for people."""

    code: str
    text: str
    reason: str


class NotReady(Exception):  # noqa: N818 - a state, not an error
    """Raised by `ready` while AWS is still at work; the text says for what ("instance being created")."""


class NotSayable(Exception):  # noqa: N818 - says what is so
    """Raised by `to_config` when the config has no words for a resource; the text says why."""


Named = Callable[[str, str], str]
"""Kind and id or ARN → the name that the config has for it. Raises NotSayable when it has none."""


class Kind(ABC, Generic[S, C]):
    """One kind of AWS resource. Class attributes are its facts, methods its behaviour. Stateless and thread-safe.

    Region: methods get the region in which calls are made: that of the address, or `home` for scope "global".
    """

    name: ClassVar[str]
    """File name and first part of the address: `connect_queue`."""
    section: ClassVar[str]
    """Its section in regions.json: `queues`; empty when it only follows from other sections."""
    title: ClassVar[str]
    """For people, singular: "queue"."""
    scope: ClassVar[str] = "regional"
    """"regional" or "global"."""
    spec: ClassVar[type[Spec]]
    item: ClassVar[type[ConfigItem]]
    calls: ClassVar[frozenset[str]]
    """Every operation it makes, as "connect:CreateQueue" (boto3 service name); IAM policies are derived from it."""
    singly: ClassVar[frozenset[str]] = frozenset()
    """Reads of a plan that AWS has for one resource at a time. All others are pages: a test doubles each kind and counts."""
    skippable: ClassVar[bool] = False
    """Whether `plan --fast` takes it as it is recorded, since reading it costs a call a resource."""
    docs: ClassVar[str]
    """The AWS page of the resource."""
    examples: ClassVar[tuple[Spec, Spec]]
    """A spec before and after a change, both valid, for conformance tests and docs; references are allowed."""
    within: ClassVar[str] = ""
    """The spec field that says in what this resource lives ("instance"); `list` is called once per value of it."""
    protected: ClassVar[bool] = False
    """Deleting one needs its address named on the command line, since data or numbers are lost with it."""
    loses: ClassVar[str] = ""
    """What is lost with a `protected` one besides its data, for the refusal; "" where that is all."""
    claims: ClassVar[str] = ""
    """Why creating one needs its address named on the command line, also with --yes; "" where it does not."""
    lags: ClassVar[bool] = False
    """`list` may be behind recent writes (search indexes): the engine confirms surprises with `read`."""
    home: ClassVar[str] = ""
    """For scope "global": the region to call, where the service has a home (IAM, Route 53); else the primary region."""
    retry: ClassVar[tuple[Retry, ...]] = ()
    """Errors of its calls that mean "wait and try again" (DynamoDB's ResourceInUseException, IAM propagation)."""
    config_paths: ClassVar[Mapping[str, str]] = {}
    """Where the config says a field, for `drift --accept`; what is not here cannot be taken over.

    Spec field or `map.key` → a field of its item (`maxContacts`), one of the item of that name in another section
    (`tables:recoveryDays`), or one of failover-rules.json (`rules:healthCheck.path`).
    """
    named_by: ClassVar[tuple[str, ...]] = ()
    """Where other items of regions.json name one of it: `queues.hours`. A name that is accepted is written there too."""
    clears: ClassVar[str] = ""
    """The field of its spec that names what of others (`taken_by`) is deleted with a creation that the user named; "" for never."""
    caseless: ClassVar[bool] = False
    """Whether AWS takes two names that differ in case for one."""

    columns: ClassVar[Mapping[str, str]] = {}
    """Where its section may be a CSV file: the columns, named as fields of the item, with the form of their values
    (desired/config/table.py)."""

    versioned: ClassVar[str] = ""
    """The field of its spec of which AWS keeps versions, which `flow rollback` brings back; "" for none."""
    told_by: ClassVar[str] = ""
    """The field that tells one value of `versioned` from others, in all regions alike."""

    # Facts that every kind states, also where it is the default: tests/conformance/test_facts.py names the one that is missing.
    connect_only: ClassVar[bool] = False
    """Whether it lives in a Connect instance, so that data-only regions have none."""
    resiliency: ClassVar[Resiliency] = "regional"
    """What Connect Global Resiliency does with it: mirrored from the source region, or made in each region."""
    adoption: ClassVar[Adoption] = Adoption("none")
    """How `adopt` takes it over with its instance."""
    dependent_actions: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Call → what else its caller must be allowed. `action@service`: on or for that service's role only."""
    quotas: ClassVar[tuple[Quota, ...]] = ()
    """Quotas of it that a standby must have as large as what it takes over."""
    room: ClassVar[Room | None] = None
    """How many of it a Connect instance may have, which plans are held against; `in_use` then counts them."""
    impact_rank: ClassVar[int] = 99
    """Its place among the kinds of one level when differences are shown, from 1: what hurts a failover most comes first."""
    impacts: ClassVar[tuple[Impact, ...]] = ()
    """What a difference would do, by field, in the order in which they are shown. The last is that of all other fields."""
    flow_word: ClassVar[str] = ""
    """Its word in flows, where its ARN stands as `${word:NAME}`; "" where flows cannot name it (flows/names/placeholders.py)."""
    deletion: ClassVar[Deletion] = "deleted"
    """What `delete` does: some resources AWS can only disable, or keeps for good. Plans say so."""

    def __init_subclass__(cls, **given: Any) -> None:
        """What a kind cannot make sense of in an answer is an AwsError (core/aws/odd_answers.py), whichever kind it is."""
        super().__init_subclass__(**given)
        for name in ASKING:
            if name in cls.__dict__:
                setattr(cls, name, told(name, cls.__dict__[name]))

    def expand(self, item: C, project: Project, region: str) -> Iterable[Desired]:  # noqa: ARG002
        """The resources that one item of its own section asks for in one region ("global" for scope "global").

        `item` has the region's overrides merged in. Kinds without a section of their own use `derive`.
        """
        return ()

    def derive(self, project: Project) -> Iterable[Desired]:  # noqa: ARG002
        """The resources that follow from other sections or from the project as a whole, over all regions."""
        return ()

    def defaults(self, project: Project) -> Iterable[C]:  # noqa: ARG002
        """The items to use when the config has no section of this kind. None by default."""
        return ()

    def check(self, item: C, project: Project) -> Iterable[tuple[str, str, str]]:  # noqa: ARG002
        """Further findings on a config item that need the whole project: (field, what is wrong, what to do)."""
        return ()

    def remarks(self, item: C, project: Project) -> Iterable[tuple[str, str, str]]:  # noqa: ARG002
        """What is sound and deserves a word all the same: (field, what is so, what can be done)."""
        return ()

    def shortfall(self, wanted: Mapping[str, Any], live: Live[S]) -> Shortfall | None:  # noqa: ARG002
        """What AWS does not give or others hold back, and sbctl therefore takes as it is; None for nothing."""
        return None

    def with_limits(self, aws: AwsCalls, region: str, wanted: Mapping[str, Any], live: Live[S]) -> Live[S]:  # noqa: ARG002
        """The resource with the limits of the account that `shortfall` rests on; they are asked for only where it is needed."""
        return live

    def in_use(self, aws: AwsCalls, region: str, within: str) -> int | None:  # noqa: ARG002
        """How many of it a Connect instance has, also of others, with the fewest calls; None where that is not told."""
        return None

    def taken_by(self, aws: AwsCalls, region: str, wanted: Mapping[str, Any]) -> Iterable[str]:  # noqa: ARG002
        """What others have in the place of a resource that is to be created, and AWS would not have beside it."""
        return ()

    def refused(self, aws: AwsCalls, region: str, wanted: Mapping[str, Any]) -> Iterable[tuple[str, str]]:  # noqa: ARG002
        """Why AWS would refuse to create a resource, for what is there already: (what is so, what to do)."""
        return ()

    @abstractmethod
    def key(self, spec: S) -> str:
        """The natural key by which AWS knows it within its region and container (a name); of wanted and live alike."""

    def likeness(self, spec: S) -> str:  # noqa: ARG002
        """What it is besides its name, by which one without tags and record is known; "" where it is known otherwise.

        `find` then shows what has other names, too.
        """
        return ""

    @abstractmethod
    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[S]]:
        """All of this kind in the region (and container), in pages, complete enough to compare.

        Only what exists and is not being deleted. It may include things that sbctl did not make.
        """

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[S]]:
        """The resources with these ids, ownership tags or natural keys. Override when `list` must read details one by one.

        Where the key is the id, what is recorded is among `sought.keys`. The engine matches what comes back.
        """
        found = self.list(aws, region, within)
        return [live for live in found if sought.has(self.key(live.spec), live.ids.get("id", ""), live.owner)]

    def complete(self, aws: AwsCalls, region: str, live: Live[S], fields: frozenset[str]) -> Live[S] | None:  # noqa: ARG002
        """The resource of a list with some of its `unlisted` fields read, each by a call of its own; None when it is gone."""
        return live

    @abstractmethod
    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[S] | None:
        """One resource by its ids, strongly consistent where AWS offers that; None when it does not exist."""

    @abstractmethod
    def create(self, aws: AwsCalls, region: str, spec: S, token: str) -> Mapping[str, str]:
        """Create it and return its ids. `deferred` fields are to be ignored here; `update` follows with them.

        With `deferred_in_circles` they are given and to be sent, or None: then make a draft that no caller meets until `update`.

        `token` is a UUID text, the same for every attempt at this creation: the client token where AWS takes one.
        Several calls are allowed: after a crash between them the resource is found by key and updated.
        """

    @abstractmethod
    def update(
        self, aws: AwsCalls, region: str, ids: Mapping[str, str], live: S, wanted: S, owned: Mapping[str, Any]
    ) -> Mapping[str, str] | None:
        """Make `live` into `wanted`, with the fewest calls. `owned` is what sbctl last applied (owned maps, `given_up`).

        A key that differs is a rename here, unless its field is one of `replace_on`. Returns the ids where they changed.
        """

    @abstractmethod
    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        """Delete it and wait until it is gone as far as others notice. What is gone already is fine."""

    def ready(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[S]:
        """The resource once others can use it. Raises NotReady while AWS is still at work on it."""
        live = self.read(aws, region, ids)
        if live is None:
            raise NotReady("not visible yet")
        if live.failed is not None:
            raise SbctlError(live.failed)
        return live

    def same(self, field: str, wanted: Any, live: Any) -> bool:  # noqa: ARG002
        """Whether two values of a field mean the same. Both are plain; override for documents (policies, flows)."""
        return bool(wanted == live)

    def lasting(self, wanted: Mapping[str, Any], before: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        """The wanted values with what outlasts a change of the config, of the values `before` it; asked where `Desired.lasting`."""
        return wanted

    def aside(self, field: str, wanted: Any, live: Any) -> str:  # noqa: ARG002
        """What differs of two values that mean the same, and is deployed only where that is asked for; "" for nothing."""
        return ""

    def keep_version(self, aws: AwsCalls, region: str, live: Live[S], applied: S, *, new: bool) -> None:
        """Keep what was just applied as a version, unless the last one is of it, and delete its own oldest. Raises AwsError."""

    def versions(self, aws: AwsCalls, region: str, live: Live[S]) -> Iterable[KeptVersion]:  # noqa: ARG002
        """The versions that AWS keeps of one resource, the newest first."""
        return ()

    def version(self, aws: AwsCalls, region: str, ids: Mapping[str, str], number: int) -> Any:  # noqa: ARG002
        """The value of the `versioned` field in one version; None when there is no such version."""
        return None

    def notes(self, field: str, live: Any, wanted: Any) -> Iterable[str]:  # noqa: ARG002
        """Sentences that say what a change of a document means to people; none by default."""
        return ()

    def describe_impact(self, field: str, there: Any, here: Any) -> Iterable[str]:  # noqa: ARG002
        """Sentences on what callers or agents notice when `here` has another value than `there`; none by default."""
        return ()

    def to_config(self, spec: S, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        """The config item that asks for this resource in its region: `expand` backwards, for `adopt`. Raises NotSayable."""
        raise NotSayable(f"sbctl cannot write a {self.title} into the config")

    def named_later(self, spec: S) -> Mapping[str, tuple[str, Any]]:  # noqa: ARG002
        """What its config item names of kinds that are named after it: field of the item → their kind, and an id or a list of them.

        `adopt` adds it when all have names; what has none stays as it is in AWS, and is noted.
        """
        return {}

    def merged(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any] | None:  # noqa: ARG002
        """One config item in place of two of the same name, where one item may ask for several resources; None where it cannot."""
        return None

    def names(self, aws: AwsCalls, region: str) -> Iterable[str]:  # noqa: ARG002
        """The names of all of this kind in a region, with the fewest calls, for `adopt` to choose from."""
        return ()

    def unexpressed(self, aws: AwsCalls, region: str, within: str) -> Iterable[str]:  # noqa: ARG002
        """What a container holds of this sort for which the config has no words, so that `adopt` can tell; names."""
        return ()

    def unmanaged(self, aws: AwsCalls, region: str, live: Live[S]) -> Iterable[str]:  # noqa: ARG002
        """What a resource has that the config has no words for, so that `adopt` can tell: phrases after its name."""
        return ()

    def address(self, region: str, name: str) -> Address:
        """The address of a resource of this kind called `name`."""
        return Address.of(self.name, region, name)
