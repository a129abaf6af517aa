"""Telephone numbers: claimed by country and type, or taken over where the account has them already.

A number exists once, so each region claims its own, and numbers that differ are no difference between regions. Nothing here
releases a number that anybody could still want: a release cannot be undone for 180 days, so it has to be named.
https://docs.aws.amazon.com/connect/latest/adminguide/release-phone-number.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from sbctl.core.address import Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.one_look import OneLook
from sbctl.core.kinds.facts import Adoption, Impact, Quota, Room
from sbctl.core.kinds.given_up import given_up
from sbctl.core.kinds.resource import Kind, Live, Named, NotReady, Retry
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import Project
from sbctl.resources.calls import connect
from sbctl.resources.calls.tag_pages import paged_tags, tags_of
from sbctl.resources.calls.tags import example_tags, owner
from sbctl.resources.numbers import claiming, flow_links, where
from sbctl.resources.numbers.countries import COUNTRIES, NumberType, known_country

E164 = r"^\+[1-9]\d{1,14}$"
IN_PROGRESS, FAILED = "IN_PROGRESS", "FAILED"
Country = Annotated[str, AfterValidator(known_country), Field(json_schema_extra={"enum": sorted(COUNTRIES)})]


class PhoneNumberItem(ConfigItem):
    """A telephone number: `number` is one that the account has; with `country` and `type` one is claimed in each region."""

    name: str = Field(min_length=1, max_length=127, description="Name in this config; callers never see it.")
    number: str | None = Field(
        default=None, pattern=E164, description="A number of the account, in the form of E.164: +18005550100."
    )
    country: Country | None = Field(default=None, description="ISO code of the country in which to claim one: US.")
    type: NumberType | None = Field(default=None, description="TOLL_FREE, DID (a local number), UIFN, SHARED, …")
    prefix: str | None = Field(
        default=None,
        pattern=r"^\+[0-9]{1,11}$",
        description="How the number begins that is claimed, with its country's code: +1206. Counts for the claim alone.",
    )
    description: str | None = Field(default=None, min_length=1, max_length=500, description="Text of the number.")
    flow: str | None = Field(default=None, description="Name of the flow that answers its callers.")


class PhoneNumberSpec(Spec):
    """A number. Of one to be claimed `number` is empty until AWS gave it; then it keeps the one that it has."""

    replace_on = frozenset({"instance", "number", "country", "type"})
    create_only = frozenset({"prefix"})
    owned_maps = frozenset({"tags"})
    deferred = frozenset({"flow"})
    taken_back: ClassVar[Mapping[str, Any]] = {"description": None, "flow": None}

    instance: Link
    number: str = ""
    country: str | None = None
    type: str | None = None
    prefix: str | None = None
    description: str | None = Field(default=None, max_length=500)
    flow: Link | None = None
    tags: dict[str, str] = {}


def _example(flow: str, **changed: Any) -> PhoneNumberSpec:
    values = {
        "instance": connect.EXAMPLE_INSTANCE,
        "country": "US",
        "type": "TOLL_FREE",
        "description": "Sales",
        "flow": Address.of("connect_flow", "us-east-1", flow).ref("arn"),
        "tags": {**example_tags("connect_phone_number.us-east-1.main"), "team": "a"},
    }
    return PhoneNumberSpec.model_validate({**values, **changed})


class ConnectPhoneNumberKind(Kind[PhoneNumberSpec, PhoneNumberItem]):
    """Numbers of an instance, known by the number; those of traffic distribution groups are not among them."""

    name = "connect_phone_number"
    section = "numbers"
    title = "telephone number"
    spec = PhoneNumberSpec
    item = PhoneNumberItem
    within = "instance"
    connect_only = True
    lags = True
    protected = True
    loses = "a released number cannot be claimed by anybody for up to 180 days, and not for certain after that"
    claims = "a number costs by the day from the claim on, and each claim counts towards a quota for 180 days"
    resiliency = "regional"
    adoption = Adoption("item", after=("connect_flow",))
    dependent_actions = {}
    quotas = (Quota("phone numbers per instance", "connect", "L-8F812903", per_instance=True),)
    room = Room("phone numbers per instance", "L-8F812903", 5)
    impact_rank = 55
    impacts = (
        Impact("critical", "callers would reach another flow, or none", field="flow"),
        Impact("low", "only people read it", field="description"),
        Impact("low", "a standby's number is another one anyway", field="number"),
        Impact("high", "the standby would have no number to publish or to forward calls to"),
    )
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/contact-center-phone-number.html"
    calls = connect.operations(
        "ListPhoneNumbersV2 ListFlowAssociations BatchGetFlowAssociation DescribePhoneNumber SearchAvailablePhoneNumbers"
        " ClaimPhoneNumber UpdatePhoneNumberMetadata AssociatePhoneNumberContactFlow DisassociatePhoneNumberContactFlow"
        " ReleasePhoneNumber TagResource UntagResource"
    ) | {"resourcegroupstaggingapi:GetResources"}
    retry = (
        Retry("ResourceInUseException", "", "AWS is still at work on the number"),
        Retry("IdempotencyException", "", "an earlier attempt claimed a number that AWS does not list yet"),
    )
    named_by = ("queues.outboundNumber",)
    config_paths = {"description": "description", "flow": "flow"}
    examples = (
        _example("SalesInbound"),
        _example(
            "SupportInbound",
            description="Sales and support",
            tags={**example_tags("connect_phone_number.us-east-1.main"), "team": "b"},
        ),
    )

    def expand(self, item: PhoneNumberItem, project: Project, region: str) -> Iterable[Desired]:
        address = self.address(region, item.name)
        spec = PhoneNumberSpec(
            instance=project.instance(region).ref("id"),
            number=item.number or "",
            country=item.country,
            type=item.type,
            prefix=item.prefix,
            description=item.description,
            flow=Address.of("connect_flow", region, item.flow).ref("arn") if item.flow else None,
            tags=project.owned(address),
        )
        # The number itself is AWS's choice: what was claimed keeps its own.
        return [Desired(address=address, spec=spec, initial=frozenset(() if item.number else ("number",)))]

    def check(self, item: PhoneNumberItem, project: Project) -> Iterable[tuple[str, str, str]]:
        yield from _unclear(item)
        yield from where.in_several_places(item, project, self.section)
        if item.flow is not None and item.flow not in project.flows:
            choices = ", ".join(sorted(project.flows)) or "(none: add a file to flows/)"
            yield ("flow", f"there is no flow {item.flow!r}", f"Choose one of {choices}.")

    def remarks(self, item: PhoneNumberItem, project: Project) -> Iterable[tuple[str, str, str]]:
        flow = project.flows.get(item.flow or "")
        if item.flow is None:
            yield ("name", "has no flow: its callers reach nothing", "Name the flow that answers them in `flow`.")
        elif flow is not None and flow.type != "CONTACT_FLOW":
            yield (
                "flow",
                f"{item.flow!r} is a {flow.type} flow",
                "Callers are answered by one of the type CONTACT_FLOW.",
            )

    def refused(self, aws: AwsCalls, region: str, wanted: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """A number that the instance does not have is never claimed anew: somebody else would get another one."""
        if wanted.get("number"):
            yield where.missing(aws, region, str(wanted["number"]), str(wanted["instance"]))

    def to_config(self, spec: PhoneNumberSpec, region: str, named: Named) -> Mapping[str, Any]:
        """By its number, in its region alone; it is called by its digits, since AWS gives numbers no names."""
        flow = {"flow": named("connect_flow", str(spec.flow))} if spec.flow else {}
        name = spec.number.removeprefix("+")
        return {"name": name, "number": spec.number, **connect.described(spec), **flow, "regions": [region]}

    def key(self, spec: PhoneNumberSpec) -> str:
        return spec.number or f"to claim: {spec.tags.get('sbctl:address', '')}"

    def in_use(self, aws: AwsCalls, region: str, within: str) -> int | None:
        return sum(1 for _ in claiming.numbers_of(aws, region, within))

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[PhoneNumberSpec]]:
        return self._lives(aws, region, within, claiming.numbers_of(aws, region, within))

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[PhoneNumberSpec]]:
        """Rows carry no tags: pages of tags do, and else a number is described, which is done only of those looked for."""
        rows = claiming.numbers_of(aws, region, within)
        return self._lives(aws, region, within, (row for row in rows if _may_be(aws, region, row, sought)))

    def _lives(
        self, aws: AwsCalls, region: str, instance: str, rows: Iterable[Mapping[str, Any]]
    ) -> Iterable[Live[PhoneNumberSpec]]:
        found = [{**row, "Tags": _tags(aws, region, row)} for row in rows]
        flows = flow_links.flows_by_number(aws, region, instance) if found else {}
        return [_live(instance, row, flows.get(row["PhoneNumberArn"])) for row in found]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[PhoneNumberSpec] | None:
        row = claiming.described(aws, region, ids["id"])
        if row is None:
            return None
        return _live(ids["instance"], row, flow_links.flow_of(aws, region, ids["instance"], row["PhoneNumberArn"]))

    def ready(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[PhoneNumberSpec]:
        """Claims, changes and releases go on after the call: nothing can be done with a number meanwhile."""
        row = claiming.described(aws, region, ids["id"])
        if row is None:
            raise NotReady("number not visible yet")
        if _status(row) == IN_PROGRESS:
            raise NotReady("AWS is still claiming the number")
        flow = flow_links.flow_of(aws, region, ids["instance"], row["PhoneNumberArn"])
        live = _live(ids["instance"], row, flow, _failed(row, region))
        if live.failed is not None:
            raise SbctlError(live.failed)
        return live

    def create(self, aws: AwsCalls, region: str, spec: PhoneNumberSpec, token: str) -> Mapping[str, str]:
        instance = str(spec.instance)
        if spec.number:
            raise SbctlError(where.not_there(aws, region, spec.number, instance))
        made = claiming.claimed_before(aws, region, spec.tags) or claiming.claim(
            aws,
            region,
            connect.given(
                PhoneNumberCountryCode=spec.country, PhoneNumberType=spec.type, PhoneNumberPrefix=spec.prefix
            ),
            instance,
            Tags=spec.tags,
            ClientToken=token,
            **connect.given(PhoneNumberDescription=spec.description),
        )
        ids = {"instance": instance, "id": made["PhoneNumberId"], "arn": made["PhoneNumberArn"]}
        if spec.flow:
            self._linked(aws, region, ids, str(spec.flow))
        return ids

    def _linked(self, aws: AwsCalls, region: str, ids: Mapping[str, str], flow: str) -> None:
        """A number that is not claimed yet leads nowhere: the flow follows in an update."""
        row = claiming.described(aws, region, ids["id"])
        if row is not None and _status(row) not in (IN_PROGRESS, FAILED):
            flow_links.link(aws, region, ids, flow)

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: PhoneNumberSpec,
        wanted: PhoneNumberSpec,
        owned: Mapping[str, Any],
    ) -> None:
        if connect.differs(live, wanted, "flow"):
            flow_links.link(aws, region, ids, str(wanted.flow))
        elif given_up("flow", live, wanted, owned):
            flow_links.link(aws, region, ids, None)
        if connect.differs(live, wanted, "description") or given_up("description", live, wanted, owned):
            text = wanted.description or ""
            aws.call(
                "connect", "UpdatePhoneNumberMetadata", region, PhoneNumberId=ids["id"], PhoneNumberDescription=text
            )
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        connect.present(aws, region, "ReleasePhoneNumber", PhoneNumberId=ids["id"])


def _unclear(item: PhoneNumberItem) -> Iterator[tuple[str, str, str]]:
    """What does not say whether a number is taken over or claimed."""
    if item.number is None:
        for field in ("country", "type"):
            if getattr(item, field) is None:
                yield (field, "is needed to claim a number", 'Set it, or name a number of the account in "number".')
        return
    beside = [field for field in ("country", "type", "prefix") if getattr(item, field) is not None]
    if beside:
        fix = "Leave them out, or leave `number` out to claim one. In overrides, null leaves a field out."
        yield ("number", f"is named, so nothing is claimed by {' and '.join(beside)}", fix)


def _may_be(aws: AwsCalls, region: str, row: Mapping[str, Any], sought: Sought) -> bool:
    if sought.has(row["PhoneNumber"], row["PhoneNumberId"]):
        return True
    if not sought.owners:
        return False
    tags = paged_tags(aws, region, row["PhoneNumberArn"])
    without_pages = not isinstance(aws, OneLook) or region in aws.without_pages
    # where there are no pages, each number is described, to know whose it is
    return without_pages if tags is None else owner(tags) in sought.owners


def _tags(aws: AwsCalls, region: str, row: Mapping[str, Any]) -> dict[str, str]:
    def one() -> dict[str, str]:
        found = claiming.described(aws, region, row["PhoneNumberId"]) or {}
        return dict(found.get("Tags") or {})

    return tags_of(aws, region, row["PhoneNumberArn"], one)


def _status(row: Mapping[str, Any]) -> str:
    return str((row.get("PhoneNumberStatus") or {}).get("Status", ""))


def _failed(row: Mapping[str, Any], region: str) -> Problem | None:
    if _status(row) != FAILED:
        return None
    reason = row["PhoneNumberStatus"].get("Message") or "AWS gave no reason"
    return Problem(
        code="number-not-claimed",
        summary="AWS could not claim the telephone number",
        detail=f"{row['PhoneNumber']} in {region}: {reason}",
        fix="Most often the quota of phone numbers of the instance is used up: raise it, release the number"
        f" (aws connect release-phone-number --phone-number-id {row['PhoneNumberId']} --region {region}; after a day AWS does so"
        " itself), then run the same command again.",
        exit=Exit.PARTIAL,
    )


def _live(
    instance: str, row: Mapping[str, Any], flow: str | None, failed: Problem | None = None
) -> Live[PhoneNumberSpec]:
    tags = row.get("Tags") or {}
    spec = PhoneNumberSpec(
        instance=instance,
        number=row["PhoneNumber"],
        country=row.get("PhoneNumberCountryCode"),
        type=row.get("PhoneNumberType"),
        description=row.get("PhoneNumberDescription") or None,
        flow=flow,
        tags=tags,
    )
    ids = {"instance": instance, "id": row["PhoneNumberId"], "arn": row["PhoneNumberArn"]}
    outputs = {"id": ids["id"], "arn": ids["arn"], "number": spec.number}
    return Live(spec, ids, outputs, owner(tags), failed)


RESOURCE = ConnectPhoneNumberKind()
