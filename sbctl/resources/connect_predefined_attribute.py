"""Predefined attributes: names and values by which contacts are routed to agents who have them as proficiencies.

The name is the id, so it never changes. Attributes of AWS's own begin with `connect:` and are none of ours.
https://docs.aws.amazon.com/connect/latest/adminguide/predefined-attributes.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact, Room
from sbctl.core.kinds.resource import Live, Named
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.resources.calls import connect
from sbctl.resources.content.proficiencies import OF_AWS

MOST_VALUES = 500
Word = Annotated[str, Field(min_length=1, max_length=100)]


class PredefinedAttributeItem(ConfigItem):
    """A predefined attribute in every Connect region."""

    name: str = Field(min_length=1, max_length=100, description="Name in Connect; it cannot change.")
    values: list[Word] = Field(default=[], max_length=MOST_VALUES, description="Values that it can have.")
    purposes: list[Word] | None = Field(
        default=None, max_length=10, description="Categories that the console shows. Default: they stay as they are."
    )
    enforce: bool | None = Field(
        default=None, description="Whether contacts may store only these values. Default: it stays as it is."
    )


class PredefinedAttributeSpec(Spec):
    """A predefined attribute. It carries no tags."""

    replace_on = frozenset({"instance", "name"})
    as_sets = frozenset({"values", "purposes"})
    as_is = frozenset({"purposes", "enforce"})

    instance: Link
    name: str = Field(min_length=1, max_length=100)
    values: tuple[str, ...] = ()
    purposes: tuple[str, ...] | None = None
    enforce: bool | None = None


class ConnectPredefinedAttributeKind(connect.Searched[PredefinedAttributeSpec, PredefinedAttributeItem]):
    """Predefined attributes, known by their name within the instance."""

    name = "connect_predefined_attribute"
    section = "predefinedAttributes"
    title = "predefined attribute"
    spec = PredefinedAttributeSpec
    item = PredefinedAttributeItem
    connect_only = True
    resiliency = "mirrored"
    adoption = Adoption("item")
    dependent_actions = {
        "connect:SearchPredefinedAttributes": ("connect:DescribePredefinedAttribute",),
    }
    quotas = ()
    room = Room("predefined attributes per instance", "L-3828FBF0", 150)
    impact_rank = 84
    impacts = (
        Impact("low", "only the console shows it", field="purposes"),
        Impact("medium", "contacts could have values that no agent is proficient in", field="enforce"),
        Impact("high", "contacts would not be routed by what agents are proficient in"),
    )
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/predefined-attributes.html"
    asked = connect.ResourceOperations(
        "SearchPredefinedAttributes",
        "PredefinedAttributes",
        "DescribePredefinedAttribute",
        "PredefinedAttribute",
        "DeletePredefinedAttribute",
        "Name",
    )
    calls = connect.operations(
        "SearchPredefinedAttributes DescribePredefinedAttribute CreatePredefinedAttribute UpdatePredefinedAttribute"
        " DeletePredefinedAttribute"
    )
    named_by = ("users.proficiencies.attribute",)
    config_paths = {"values": "values", "purposes": "purposes", "enforce": "enforce"}
    examples = (
        PredefinedAttributeSpec(
            instance=connect.EXAMPLE_INSTANCE,
            name="Product",
            values=("Loans", "Cards"),
            purposes=("Routing",),
            enforce=False,
        ),
        PredefinedAttributeSpec(
            instance=connect.EXAMPLE_INSTANCE,
            name="Product",
            values=("Loans", "Cards", "Savings"),
            purposes=("Routing", "Contacts"),
            enforce=True,
        ),
    )

    def expand(self, item: PredefinedAttributeItem, project: Project, region: str) -> Iterable[Desired]:
        spec = PredefinedAttributeSpec(
            instance=project.instance(region).ref("id"),
            name=item.name,
            values=tuple(item.values),
            purposes=None if item.purposes is None else tuple(item.purposes),
            enforce=item.enforce,
        )
        return [Desired(address=self.address(region, item.name), spec=spec)]

    def check(self, item: PredefinedAttributeItem, project: Project) -> Iterable[tuple[str, str, str]]:  # noqa: ARG002
        for twice in sorted({one for one in item.values if item.values.count(one) > 1}):
            yield "values", f"has {twice!r} twice", "Remove one of the two."

    def remarks(self, item: PredefinedAttributeItem, project: Project) -> Iterable[tuple[str, str, str]]:  # noqa: ARG002
        if item.name.startswith(OF_AWS):
            yield "name", f"names that begin with {OF_AWS} are AWS's own", "Remove it: users may name it all the same."

    def to_config(self, spec: PredefinedAttributeSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        purposes = [*spec.purposes] if spec.purposes else None
        return {
            "name": spec.name,
            "values": [*spec.values],
            **connect.given(purposes=purposes, enforce=spec.enforce or None),
        }

    def key(self, spec: PredefinedAttributeSpec) -> str:
        return spec.name

    def at(self, ids: Mapping[str, str]) -> dict[str, str]:
        return {"InstanceId": ids["instance"], "Name": ids["id"]}

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[PredefinedAttributeSpec]]:
        """Those that people made."""
        return [live for live in super().list(aws, region, within) if not live.spec.name.startswith(OF_AWS)]

    def live(self, instance: str, row: Mapping[str, Any]) -> Live[PredefinedAttributeSpec]:
        configured = row.get("AttributeConfiguration") or {}
        spec = PredefinedAttributeSpec(
            instance=instance,
            name=row["Name"],
            values=tuple((row.get("Values") or {}).get("StringList") or ()),
            purposes=tuple(row["Purposes"]) if row.get("Purposes") is not None else None,
            enforce=configured.get("EnableValueValidationOnAssociation"),
        )
        return Live(spec, {"instance": instance, "id": row["Name"]}, {"id": row["Name"], "name": row["Name"]})

    def create(
        self,
        aws: AwsCalls,
        region: str,
        spec: PredefinedAttributeSpec,
        token: str,  # noqa: ARG002
    ) -> Mapping[str, str]:
        values = _values(spec, spec)
        aws.call("connect", "CreatePredefinedAttribute", region, InstanceId=spec.instance, Name=spec.name, **values)
        return {"instance": str(spec.instance), "id": spec.name}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: PredefinedAttributeSpec,
        wanted: PredefinedAttributeSpec,
        owned: Mapping[str, Any],  # noqa: ARG002
    ) -> None:
        moved = set(wanted.values) != set(live.values) or connect.differs(live, wanted, "enforce")
        if moved or (wanted.purposes is not None and set(wanted.purposes) != set(live.purposes or ())):
            aws.call("connect", "UpdatePredefinedAttribute", region, **self.at(ids), **_values(wanted, live))


def _values(wanted: PredefinedAttributeSpec, live: PredefinedAttributeSpec) -> dict[str, Any]:
    """The members of a request; what the config does not say is sent as it is, since nothing says that it would be kept."""
    purposes = live.purposes if wanted.purposes is None else wanted.purposes
    enforce = live.enforce if wanted.enforce is None else wanted.enforce
    configured = None if enforce is None else {"EnableValueValidationOnAssociation": enforce}
    return {
        "Values": {"StringList": [*wanted.values]},
        **connect.given(Purposes=None if purposes is None else [*purposes], AttributeConfiguration=configured),
    }


RESOURCE = ConnectPredefinedAttributeKind()
