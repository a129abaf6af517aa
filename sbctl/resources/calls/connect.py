"""What the Connect kinds share: reading page by page, objects that may be gone, tags of which only some are ours.

Connect allows about two calls a second for each operation, so everything here counts calls: whole pages, no idle write.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any, ClassVar, TypeVar

from sbctl.core.address import Address
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import Tokens, answers
from sbctl.core.kinds.resource import C, Kind, Live, S
from sbctl.core.kinds.spec import Spec
from sbctl.core.project import Project
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.calls.tags import tag_change

T = TypeVar("T")
SERVICE = "connect"
TOKENS: Tokens = {"NextToken": "NextToken"}
SAFE_PAGE = 100
"""The page size that every Search operation takes; the best-practice page calls it the limit, the model allows more."""
EXAMPLE_INSTANCE = Address.of("connect_instance", "us-east-1", "example").ref("id")
"""The instance in which the examples of all kinds live."""


def operations(names: str) -> frozenset[str]:
    """Operation names, parted by spaces, in the form of `Kind.calls`."""
    return frozenset(f"{SERVICE}:{name}" for name in names.split())


def pages(aws: AwsCalls, region: str, operation: str, member: str, size: int, **params: Any) -> Iterator[Any]:
    """The rows of a List or Search operation, `size` a page; falls back to SAFE_PAGE where AWS refuses a larger one.

    https://docs.aws.amazon.com/connect/latest/APIReference/best-practices-connect-apis.html
    """
    found = answers(aws, SERVICE, operation, region, TOKENS, MaxResults=size, **params)
    try:
        first = next(found)
    except AwsError as error:
        if error.code != "InvalidParameterException" or size <= SAFE_PAGE:
            raise
        yield from pages(aws, region, operation, member, SAFE_PAGE, **params)
        return
    for page in chain([first], found):
        yield from page.get(member) or ()


def total(aws: AwsCalls, region: str, operation: str, instance: str) -> int | None:
    """How many rows a Search operation has, by a call that asks for one of them; None where AWS does not say."""
    found = aws.call(SERVICE, operation, region, InstanceId=instance, MaxResults=1)
    count = found.get("ApproximateTotalCount")
    return None if count is None else int(count)


def present(aws: AwsCalls, region: str, operation: str, **params: Any) -> dict[str, Any] | None:
    """The answer to a call about one object; None when AWS does not know the object (any more)."""
    return call_or_none(aws, {"ResourceNotFoundException"}, SERVICE, operation, region, **params)


def rows_or_none(aws: AwsCalls, region: str, operation: str, member: str, size: int, **params: Any) -> list[Any] | None:
    """The rows that AWS has of one object; None when it does not know the object (any more)."""
    try:
        return [*pages(aws, region, operation, member, size, **params)]
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        return None


def completed(live: Live[S], **values: Any) -> Live[S]:
    """A resource of a list with fields that the list does not have (`Kind.complete`)."""
    return replace(live, spec=live.spec.model_copy(update=values))


@dataclass(frozen=True)
class ResourceOperations:
    """How a resource is searched, described and deleted: operations, the members of their answers, and its id's member."""

    search: str
    rows: str
    describe: str
    row: str
    delete: str
    id: str
    page: int = SAFE_PAGE


class Searched(Kind[S, C]):
    """A kind of an instance that one Search lists whole, one Describe reads and one Delete deletes, by its id."""

    within = "instance"
    connect_only = True
    lags = True
    asked: ClassVar[ResourceOperations]

    @abstractmethod
    def live(self, instance: str, row: Mapping[str, Any]) -> Live[S]:
        """A row of the search, or what Describe answers: both have one shape."""

    def at(self, ids: Mapping[str, str]) -> dict[str, str]:
        """The request members that name one of them."""
        return {"InstanceId": ids["instance"], self.asked.id: ids["id"]}

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[S]]:
        asked = self.asked
        rows = pages(aws, region, asked.search, asked.rows, asked.page, InstanceId=within)
        return [self.live(within, row) for row in rows]

    def in_use(self, aws: AwsCalls, region: str, within: str) -> int | None:
        return total(aws, region, self.asked.search, within)

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[S] | None:
        found = present(aws, region, self.asked.describe, **self.at(ids))
        return self.live(ids["instance"], found[self.asked.row]) if found else None

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        present(aws, region, self.asked.delete, **self.at(ids))


def retag(
    aws: AwsCalls,
    region: str,
    arn: str,
    live: Mapping[str, str],
    wanted: Mapping[str, str],
    owned: Mapping[str, Any],
) -> None:
    """Set the tags that differ and remove those that sbctl applied and no longer wants; others' tags stay.

    `owned` is the whole of what was last applied. No update operation of Connect carries tags, so they are calls apart.
    """
    change = tag_change(live, wanted, owned)
    if change.put:
        aws.call(SERVICE, "TagResource", region, resourceArn=arn, tags=change.put)
    if change.drop:
        aws.call(SERVICE, "UntagResource", region, resourceArn=arn, tagKeys=list(change.drop))


def differs(live: Spec, wanted: Spec, *names: str) -> bool:
    """Whether any of the fields must move; a wanted value of None means that sbctl does not manage the field."""
    return any(getattr(wanted, name) is not None and getattr(wanted, name) != getattr(live, name) for name in names)


def given(**params: Any) -> dict[str, Any]:
    """Request members without those that are None: Connect refuses empty values where it accepts absence."""
    return {name: value for name, value in params.items() if value is not None}


def described(spec: Any) -> dict[str, str]:
    """The description as an item says it: left out where there is none."""
    return {"description": spec.description} if spec.description else {}


def chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The rows in lists of at most `size`, since Connect limits how many a request may carry."""
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk


def missing(field: str, section: str, name: str, project: Project) -> Iterator[tuple[str, str, str]]:
    """A finding for `Kind.check` when a config item refers to a name that its section does not have."""
    names = project.names(section)
    if name not in names:
        choices = ", ".join(sorted(names)) or f"(none: add it to {section})"
        yield (field, f"{name!r} is not in {section}", f"Choose one of {choices}.")
