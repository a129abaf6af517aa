"""The Connect instance of a region. Everything else of Connect lives in one.

Its alias is unique over all of AWS and can never be changed, and AWS blocks accounts that create and delete instances
often, so an instance is never replaced without being named. https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateInstance.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Literal, get_args

from pydantic import Field, ValidationError

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.dependent_actions import DESCRIBE_INSTANCE
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.one_look import TAG_PAGES, OneLook
from sbctl.core.kinds.facts import Adoption, Impact, Quota
from sbctl.core.kinds.resource import Kind, Live, Named, NotReady, NotSayable
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import INSTANCE_TAG, Project
from sbctl.desired.config.sections import LambdaItem
from sbctl.resources.calls import connect
from sbctl.resources.calls.tag_pages import tags_of
from sbctl.resources.calls.tags import example_tags, owner
from sbctl.resources.calls.waiting import wait_until

ALIAS = r"^[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?$"
INSTANCES_A_PAGE = 10
ATTRIBUTES_A_PAGE = 7
DELETION_PAUSE_SECONDS = 5.0
ACTIVE = "ACTIVE"
IN_PROGRESS = "CREATION_IN_PROGRESS"


Identity = Literal["CONNECT_MANAGED", "SAML"]
ATTRIBUTES = {"flowLogs": "CONTACTFLOW_LOGS", "contactLens": "CONTACT_LENS"}
"""The switches of an instance: name in the config → AWS's attribute."""
SET = frozenset({"INBOUND_CALLS", "OUTBOUND_CALLS", *ATTRIBUTES.values()})
"""All attributes that the config sets."""


class InstanceItem(ConfigItem):
    """The Connect instance of each region."""

    alias: str | None = Field(
        default=None,
        max_length=45,
        pattern=ALIAS,
        description="Left part of the access URL, unique over all of AWS. Default: project and region name.",
    )
    identity: Identity = Field(default="CONNECT_MANAGED", description="Where agents are managed; cannot change later.")
    inbound: bool = Field(default=True, description="Takes inbound calls.")
    outbound: bool = Field(default=True, description="Makes outbound calls.")
    flow_logs: bool = Field(default=True, description="Writes flow logs to CloudWatch.")
    contact_lens: bool = Field(default=True, description="Has Contact Lens.")
    place_tags: bool = Field(default=True, description="Tags it with Region, IsPrimary and Priority.")


class InstanceSpec(Spec):
    """An instance. Calls in and out are attributes too for AWS, but its creation needs them, so they stand apart."""

    replace_on = frozenset({"alias", "identity"})
    owned_maps = frozenset({"attributes", "tags"})
    deferred = frozenset({"attributes"})

    alias: str = Field(min_length=1, max_length=45)
    identity: str
    inbound_calls: bool
    outbound_calls: bool
    attributes: dict[str, str] = Field(default={}, description='Attribute type → "true" or "false".')
    tags: dict[str, str] = {}


class ConnectInstanceKind(Kind[InstanceSpec, InstanceItem]):
    """Instances, known by their alias."""

    name = "connect_instance"
    section = "instances"
    title = "Connect instance"
    spec = InstanceSpec
    item = InstanceItem
    protected = True
    connect_only = True
    resiliency = "mirrored"
    adoption = Adoption("instance")
    # https://docs.aws.amazon.com/connect/latest/adminguide/security-iam-amazon-connect-permissions.html
    dependent_actions = {
        "connect:ListInstances": DESCRIBE_INSTANCE,
        "connect:DescribeInstance": DESCRIBE_INSTANCE,
        "connect:CreateInstance": (
            "ds:AuthorizeApplication",
            "ds:CheckAlias",
            "ds:CreateAlias",
            "ds:CreateDirectory",
            "ds:CreateIdentityPoolDirectory",
            "ds:DescribeDirectories",
            "ds:UnauthorizeApplication",
            "iam:CreateServiceLinkedRole@connect",
            "iam:PutRolePolicy@connect",
        ),
        "connect:UpdateInstanceAttribute": (
            "iam:CreateServiceLinkedRole@connect",
            "iam:PutRolePolicy@connect",
            "logs:CreateLogGroup@connect",
        ),
        "connect:DeleteInstance": (
            "ds:DeleteDirectory",
            "ds:DescribeDirectories",
            "ds:UnauthorizeApplication",
        ),
    }
    quotas = (Quota("concurrent calls per instance", "connect", "L-12AB7C57", per_instance=True),)
    impact_rank = 53
    impacts = (
        Impact("medium", "agents and supervisors would work otherwise", field="attributes"),
        Impact("critical", "the region could not take calls"),
    )
    singly = frozenset({"connect:ListInstanceAttributes"})
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-instances.html"
    calls = connect.operations(
        "ListInstances DescribeInstance ListInstanceAttributes CreateInstance UpdateInstanceAttribute"
        " DeleteInstance TagResource UntagResource"
    ) | {TAG_PAGES}
    config_paths = {
        "inbound_calls": "inbound",
        "outbound_calls": "outbound",
        "attributes.CONTACTFLOW_LOGS": "flowLogs",
        "attributes.CONTACT_LENS": "contactLens",
    }
    examples = (
        InstanceSpec(
            alias="acme-use1",
            identity="CONNECT_MANAGED",
            inbound_calls=True,
            outbound_calls=True,
            attributes={"CONTACTFLOW_LOGS": "true", "CONTACT_LENS": "true"},
            tags={**example_tags("connect_instance.us-east-1.example"), "Region": "use1", "Priority": "1"},
        ),
        InstanceSpec(
            alias="acme-use1",
            identity="CONNECT_MANAGED",
            inbound_calls=True,
            outbound_calls=False,
            attributes={"CONTACTFLOW_LOGS": "true", "CONTACT_LENS": "false"},
            tags={**example_tags("connect_instance.us-east-1.example"), "Region": "use1", "Priority": "2"},
        ),
    )

    def expand(self, item: InstanceItem, project: Project, region: str) -> Iterable[Desired]:
        address = project.instance(region)
        spec = InstanceSpec(
            alias=item.alias or default_alias(project, region),
            identity=item.identity,
            inbound_calls=item.inbound,
            outbound_calls=item.outbound,
            attributes={"CONTACTFLOW_LOGS": _text(item.flow_logs), "CONTACT_LENS": _text(item.contact_lens)},
            tags={**_place_tags(item, project, region), **_described(project), **project.owned(address)},
        )
        # An alias cannot change, and regions may get other names: one that sbctl made up is for a creation alone.
        return [Desired(address=address, spec=spec, initial=frozenset(() if item.alias else ("alias",)))]

    def defaults(self, project: Project) -> Iterable[InstanceItem]:
        return [InstanceItem(name=project.name)]

    def check(self, item: InstanceItem, project: Project) -> Iterable[tuple[str, str, str]]:
        if item.alias in _shared_aliases(project):
            yield ("alias", "is the same in several regions", "Leave it out, or give each region its own in overrides.")
        if item.alias and item.alias.startswith("d-"):
            yield ("alias", "begins with d-, which AWS reserves for directories", "Choose another alias.")
        longest = max(
            (default_alias(project, region.region) for region in project.connect_regions), key=len, default=""
        )
        if not item.alias and len(longest) > 45:
            yield ("alias", f"would be {longest}, longer than 45 characters", "Set alias, or shorten the project name.")

    def to_config(self, spec: InstanceSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        """The alias is of this region alone; what remains is meant for every region."""
        if spec.identity not in get_args(Identity):
            raise NotSayable(
                f"its users are those of {spec.identity}, and sbctl makes {' and '.join(get_args(Identity))}"
            )
        on = {name: spec.attributes.get(attribute) == "true" for name, attribute in ATTRIBUTES.items()}
        calls = {"inbound": spec.inbound_calls, "outbound": spec.outbound_calls}
        return {
            "identity": spec.identity,
            **calls,
            **on,
            "placeTags": False,
            "overrides": {region: {"alias": spec.alias}},
        }

    def key(self, spec: InstanceSpec) -> str:
        return spec.alias

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[InstanceSpec]]:  # noqa: ARG002
        return [live for row in _rows(aws, region) if (live := self._listed(aws, region, row))]

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[InstanceSpec]]:  # noqa: ARG002
        """Those looked for in detail; all of them where one is missing, since rows carry neither tags nor attributes."""
        rows = [*_rows(aws, region)]
        named = [row for row in rows if sought.has(row["InstanceAlias"], row["Id"])]
        if named or not sought.owners:
            return [live for row in named if (live := self._listed(aws, region, row))]
        found = (self._readable(aws, region, row) for row in rows)
        return [live for live in found if live is not None and live.owner in sought.owners]

    def _readable(self, aws: AwsCalls, region: str, row: Mapping[str, Any]) -> Live[InstanceSpec] | None:
        """An instance that may be looked at: those of others need not be."""
        try:
            return self._listed(aws, region, row)
        except AwsError as error:
            if not error.denied:
                raise
            return None

    def _listed(self, aws: AwsCalls, region: str, row: Mapping[str, Any]) -> Live[InstanceSpec] | None:
        """A row with tags from the pages of a look; without them, and for the reason of a failure, it is described."""
        described: list[Mapping[str, Any]] = []

        def tags() -> dict[str, str]:
            described.extend(filter(None, [_describe(aws, region, row["Id"])]))
            return dict(described[0].get("Tags") or {}) if described else {}

        if not isinstance(aws, OneLook) or row["InstanceStatus"] != ACTIVE:
            return self.read(aws, region, {"id": row["Id"]})
        tagged = {**row, "Tags": tags_of(aws, region, row["Arn"], tags)}
        try:
            return _live(aws, region, described[0] if described else tagged)
        except AwsError as error:
            if error.code != "ResourceNotFoundException":
                raise
            return None  # deleted, and still listed

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[InstanceSpec] | None:
        row = _describe(aws, region, ids["id"])
        return None if row is None else _live(aws, region, row)

    def create(self, aws: AwsCalls, region: str, spec: InstanceSpec, token: str) -> Mapping[str, str]:
        made = aws.call(
            "connect",
            "CreateInstance",
            region,
            ClientToken=token,
            IdentityManagementType=spec.identity,
            InstanceAlias=spec.alias,
            InboundCallsEnabled=spec.inbound_calls,
            OutboundCallsEnabled=spec.outbound_calls,
            Tags=spec.tags,
        )
        return {"id": made["Id"], "arn": made["Arn"]}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: InstanceSpec,
        wanted: InstanceSpec,
        owned: Mapping[str, Any],
    ) -> None:
        """An attribute that is no longer wanted keeps its value: AWS has no way to take an attribute away."""
        before, after = _attributes(live), _attributes(wanted)
        for name in sorted(after):
            if before.get(name) != after[name]:
                self._set(aws, region, ids["id"], name, after[name])
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)

    def _set(self, aws: AwsCalls, region: str, instance: str, name: str, value: str) -> None:
        aws.call("connect", "UpdateInstanceAttribute", region, InstanceId=instance, AttributeType=name, Value=value)

    def ready(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[InstanceSpec]:
        row = _describe(aws, region, ids["id"])
        if row is None:
            raise NotReady("instance not visible yet")
        if row["InstanceStatus"] == IN_PROGRESS:
            raise NotReady("instance being created")
        live = _live(aws, region, row)
        if live.failed is not None:
            raise SbctlError(live.failed)
        return live

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        """AWS knows no status for "being deleted": the instance stays ACTIVE until it is gone."""
        answer = connect.present(aws, region, "DeleteInstance", InstanceId=ids["id"])
        if answer is not None:
            at = f"{ids['id']} in {region}"
            gone = partial(_is_gone, aws, region, ids["id"])
            wait_until(aws, gone, DELETION_PAUSE_SECONDS, "instance being deleted", at)


def default_alias(project: Project, region: str) -> str:
    """The alias of a region's instance when the config names none: `acme-use1`."""
    return f"{project.name}-{project.region(region).name.lower()}"


def _shared_aliases(project: Project) -> set[str]:
    """Aliases that more than one region would have. An override that does not fit is reported by who checks these."""
    found: Counter[str] = Counter()
    for item in project.items.get("instances", ()):
        for region in project.connect_regions:
            with suppress(ValidationError):
                local = item.in_region(region.region)
                if isinstance(local, InstanceItem) and local.alias:
                    found[local.alias] += 1
    return {alias for alias, times in found.items() if times > 1}


def _place_tags(item: InstanceItem, project: Project, region: str) -> dict[str, str]:
    place = project.region(region)
    if not item.place_tags:
        return {}
    return {"Region": place.name, "IsPrimary": _text(place.is_primary), "Priority": str(place.priority)}


def _described(project: Project) -> dict[str, str]:
    """The tag by which roles know the instance, when a function wants to describe it."""
    functions = (item for item in project.items.get("lambdas", ()) if isinstance(item, LambdaItem))
    return {INSTANCE_TAG: project.name} if any(item.describes_instance for item in functions) else {}


def _text(value: bool) -> str:
    return "true" if value else "false"


def _rows(aws: AwsCalls, region: str) -> Iterator[dict[str, Any]]:
    """Instances without an alias (of an existing directory) cannot be ours, since the alias is how we know them."""
    rows = connect.pages(aws, region, "ListInstances", "InstanceSummaryList", INSTANCES_A_PAGE)
    return (row for row in rows if row.get("InstanceAlias"))


def _describe(aws: AwsCalls, region: str, instance: str) -> dict[str, Any] | None:
    found = connect.present(aws, region, "DescribeInstance", InstanceId=instance)
    return found["Instance"] if found else None


def _is_gone(aws: AwsCalls, region: str, instance: str) -> bool:
    return _describe(aws, region, instance) is None


def _live(aws: AwsCalls, region: str, row: Mapping[str, Any]) -> Live[InstanceSpec]:
    attributes: dict[str, str] = {}
    if row["InstanceStatus"] == ACTIVE:
        attributes = _attributes_there(aws, region, row["Id"])
    inbound = attributes.pop("INBOUND_CALLS", _text(row.get("InboundCallsEnabled", False)))
    outbound = attributes.pop("OUTBOUND_CALLS", _text(row.get("OutboundCallsEnabled", False)))
    tags = row.get("Tags") or {}
    spec = InstanceSpec(
        alias=row.get("InstanceAlias", ""),
        identity=row["IdentityManagementType"],
        inbound_calls=inbound == "true",
        outbound_calls=outbound == "true",
        attributes=attributes,
        tags=tags,
    )
    ids = {"id": row["Id"], "arn": row["Arn"]}
    outputs = {**ids, "alias": spec.alias, "access_host": f"{spec.alias}.my.connect.aws"}
    return Live(spec, ids, outputs, owner(tags), _failed(row, region))


def _attributes_there(aws: AwsCalls, region: str, instance: str) -> dict[str, str]:
    """Its attributes; in a brief look up to the last that the config sets, which AWS mostly has on the first page."""
    enough = SET if isinstance(aws, OneLook) and aws.brief else None
    found: dict[str, str] = {}
    for entry in connect.pages(
        aws, region, "ListInstanceAttributes", "Attributes", ATTRIBUTES_A_PAGE, InstanceId=instance
    ):
        found[entry["AttributeType"]] = entry["Value"]
        if enough is not None and enough <= found.keys():
            break
    return found


def _attributes(spec: InstanceSpec) -> dict[str, str]:
    """All attributes as AWS has them, calls in and out included."""
    return {
        **spec.attributes,
        "INBOUND_CALLS": _text(spec.inbound_calls),
        "OUTBOUND_CALLS": _text(spec.outbound_calls),
    }


def _failed(row: Mapping[str, Any], region: str) -> Problem | None:
    if row["InstanceStatus"] != "CREATION_FAILED":
        return None
    reason = (row.get("StatusReason") or {}).get("Message", "AWS gave no reason")
    return Problem(
        code="instance-creation-failed",
        summary="AWS could not create the Connect instance",
        detail=f"{row.get('InstanceAlias', row['Id'])} in {region}: {reason}",
        fix=(
            f"Remove the cause, delete the failed instance (aws connect delete-instance --instance-id {row['Id']} "
            f"--region {region}; AWS drops it after 24 hours), then run the same command again."
        ),
        exit=Exit.PARTIAL,
    )


RESOURCE = ConnectInstanceKind()
