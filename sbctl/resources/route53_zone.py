"""The public hosted zone of the project's domain. Most often it exists: then it is used as it is and never deleted.

It has no tags here, so that using a zone changes nothing about it; the caller reference makes a creation repeatable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any

from pydantic import Field

from sbctl.core.address import GLOBAL
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import ZONES_BY_NAME, answers, pages
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES, Project
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.dns.names import BUSY, plain_name

GONE = ("NoSuchHostedZone",)


class ZoneSpec(Spec):
    """A public hosted zone; the name has no trailing dot."""

    replace_on = frozenset({"name"})

    name: str = Field(min_length=1, max_length=255, pattern=r"^[a-z0-9_.-]*[a-z0-9]$")


class Route53Zone(Kind[ZoneSpec, ConfigItem]):
    """Hosted zones. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-working-with.html"""

    name = "route53_zone"
    section = ""
    title = "hosted zone"
    scope = "global"
    home = HOME_OF_GLOBAL_SERVICES
    spec = ZoneSpec
    item = ConfigItem
    connect_only = False
    resiliency = "global"
    adoption = Adoption("zone")
    dependent_actions = {}
    quotas = ()
    impact_rank = 17
    impacts = (Impact("critical", "the public name would not be answered"),)
    singly = frozenset({"route53:ListHostedZonesByName"})
    docs = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html"
    calls = frozenset(
        f"route53:{operation}"
        for operation in (
            "CreateHostedZone",
            "DeleteHostedZone",
            "GetHostedZone",
            "ListHostedZones",
            "ListHostedZonesByName",
        )
    )
    retry = BUSY
    examples = (ZoneSpec(name="example.com"), ZoneSpec(name="example.com"))

    def derive(self, project: Project) -> Iterable[Desired]:
        if not project.dns:
            return
        name = plain_name(project.domain)
        yield Desired(address=self.address(GLOBAL, name), spec=ZoneSpec(name=name))

    def key(self, spec: ZoneSpec) -> str:
        return spec.name

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[ZoneSpec]]:  # noqa: ARG002
        tokens = ("Marker", "NextMarker")
        zones = pages(aws, "route53", "ListHostedZones", region, "HostedZones", tokens, MaxItems="100")
        return [_live(zone) for zone in zones if _is_public(zone)]

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[ZoneSpec]]:  # noqa: ARG002
        return [live for name in sorted(sought.keys) if (live := self._by_name(aws, region, name)) is not None]

    def _by_name(self, aws: AwsCalls, region: str, name: str) -> Live[ZoneSpec] | None:
        """The public zone of this name. AWS answers with all zones from that name on, in the order of their labels."""
        first: dict[str, str] = {"DNSName": name, "MaxItems": "100"}
        listed = answers(aws, "route53", "ListHostedZonesByName", region, ZONES_BY_NAME, **first)
        zones = (zone for answer in listed for zone in answer.get("HostedZones") or ())
        found = [
            _live(zone) for zone in takewhile(lambda zone: plain_name(zone["Name"]) == name, zones) if _is_public(zone)
        ]
        if len(found) > 1:
            raise SbctlError(_several(name, [live.ids["id"] for live in found]))
        return found[0] if found else None

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[ZoneSpec] | None:
        answer = call_or_none(aws, GONE, "route53", "GetHostedZone", region, Id=ids["id"])
        return _live(answer["HostedZone"]) if answer else None

    def create(self, aws: AwsCalls, region: str, spec: ZoneSpec, token: str) -> Mapping[str, str]:
        answer = aws.call("route53", "CreateHostedZone", region, Name=spec.name, CallerReference=token)
        return {"id": _id(answer["HostedZone"])}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: ZoneSpec,
        wanted: ZoneSpec,
        owned: Mapping[str, Any],
    ) -> None:
        """Nothing of a zone is sbctl's to change."""

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        try:
            call_or_none(aws, GONE, "route53", "DeleteHostedZone", region, Id=ids["id"])
        except AwsError as error:
            if error.code == "HostedZoneNotEmpty":
                raise SbctlError(_not_empty(ids["id"])) from error
            raise


def _is_public(zone: Mapping[str, Any]) -> bool:
    return not (zone.get("Config") or {}).get("PrivateZone", False)


def _id(zone: Mapping[str, Any]) -> str:
    return str(zone["Id"]).rpartition("/")[2]


def _live(zone: Mapping[str, Any]) -> Live[ZoneSpec]:
    name = plain_name(zone["Name"])
    return Live(spec=ZoneSpec.model_construct(name=name), ids={"id": _id(zone)}, outputs={"name": name})


def _several(name: str, found: Iterable[str]) -> Problem:
    return Problem(
        code="several-zones",
        summary="The domain has more than one public hosted zone",
        detail=f"{name}: {', '.join(found)}; only one of them is delegated to",
        at=name,
        fix="Delete the zones that the domain's registrar does not point at.",
        exit=Exit.REFUSED,
    )


def _not_empty(zone: str) -> Problem:
    return Problem(
        code="zone-not-empty",
        summary="The hosted zone holds records that sbctl did not make",
        detail=f"{zone} was left as it is",
        at=zone,
        fix="Delete those records or keep the zone (`sbctl state list` shows its address).",
        exit=Exit.REFUSED,
    )


RESOURCE = Route53Zone()
