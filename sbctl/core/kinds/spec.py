"""The bases of what users write (ConfigItem) and what a resource should be (Spec), and the marks a field can carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from sbctl.core.address import Address
from sbctl.core.kinds.values import plain, refs
from sbctl.core.kinds.written import WrittenModel


class Frozen(BaseModel):
    """A value: frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class WrittenPart(WrittenModel, Frozen):
    """A value within an item of regions.json, or in another file that users write."""


class ConfigItem(WrittenModel):
    """One entry of a section of regions.json. Names are camelCase there; unknown fields are refused.

    Every item may carry `regions` (which regions have it; default: all that can) and `overrides` (region → fields).
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, alias_generator=to_camel, allow_inf_nan=False
    )

    name: str = Field(default="", description="Name of the item.")
    regions: list[str] | None = Field(default=None, description="Regions that have it. Default: all that can.")
    overrides: dict[str, dict[str, Any]] = {}

    def in_region(self, region: str) -> Self | None:
        """The item as one region has it, overrides merged in; None when the region has none of it.

        Raises pydantic.ValidationError when an override does not fit (the config check reports that first).
        """
        if self.regions is not None and region not in self.regions:
            return None
        override = self.overrides.get(region)
        if not override:
            return self
        merged = {**self.model_dump(by_alias=True, exclude_unset=True), **override}
        return type(self).model_validate({**merged, "overrides": {}}, by_alias=True, by_name=False)


class Spec(Frozen):
    """The wanted values of one resource, in AWS's own terms. Fields may hold references (`Link`) until resolved.

    The class says, by field name: `replace_on` (a change needs a new resource), `owned_maps` (maps in which only the
    keys that sbctl applied are its own), `create_only` (read once, never compared), `as_sets` (lists whose order means
    nothing), `deferred` (left out of the create call and set afterwards, so that circles of references deploy; with
    `deferred_in_circles` only for members of a circle: all others are created whole, when their references are done),
    `confidential` (may hold others' secrets: told, planned and recorded only where the config wants the field),
    `personal` (data of people, masked wherever values are shown: core/text/personal.py), `unlisted` (plain values that
    `list` cannot give: None there, and read one resource at a time by `Kind.complete`), `trusted` (of these, what is
    taken as recorded while the config says the same: nobody changes it but by hand, and reading costs a call each).

    What sbctl applied and the config no longer says (None) is one of three: `taken_back` (field → AWS's default, which
    `update` then gives it), `stays` (field → why AWS has no way back, which the plan says), or `as_is` (None asks for just that).
    """

    replace_on: ClassVar[frozenset[str]] = frozenset()
    owned_maps: ClassVar[frozenset[str]] = frozenset()
    create_only: ClassVar[frozenset[str]] = frozenset()
    as_sets: ClassVar[frozenset[str]] = frozenset()
    deferred: ClassVar[frozenset[str]] = frozenset()
    deferred_in_circles: ClassVar[bool] = False
    confidential: ClassVar[frozenset[str]] = frozenset()
    personal: ClassVar[frozenset[str]] = frozenset()
    unlisted: ClassVar[frozenset[str]] = frozenset()
    trusted: ClassVar[frozenset[str]] = frozenset()
    taken_back: ClassVar[Mapping[str, Any]] = {}
    stays: ClassVar[Mapping[str, str]] = {}
    as_is: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def told(cls, live: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Live values that may go into plans, states and reports: of confidential fields, those that the config wants."""
        hidden = {name for name in cls.confidential if wanted.get(name) is None}
        return {name: None if name in hidden else value for name, value in live.items()}


@dataclass(frozen=True, kw_only=True)
class Desired:
    """One wanted resource. `needs` are addresses it depends on without referring to an output of theirs.

    `initial` are fields whose value is for a creation alone, such as a name that sbctl makes up: what exists keeps its own.
    `lasting` says that some of what was applied before outlasts a change of the config (`Kind.lasting`).
    """

    address: Address
    spec: Spec
    needs: frozenset[Address] = frozenset()
    at: str = ""
    initial: frozenset[str] = frozenset()
    lasting: bool = False

    @cached_property
    def values(self) -> dict[str, Any]:
        """The spec as a plain tree with references as leaves. Made once: not to be changed."""
        found: dict[str, Any] = plain(self.spec)
        return found

    @cached_property
    def before(self) -> frozenset[Address]:
        """The addresses that it depends on."""
        return self._referred(self.values) | self.needs

    @cached_property
    def before_creation(self) -> frozenset[Address]:
        """Those that its creation depends on: deferred fields are put right later."""
        if not self.spec.deferred:
            return self.before
        first = {name: value for name, value in self.values.items() if name not in self.spec.deferred}
        return self._referred(first) | self.needs

    @staticmethod
    def _referred(values: Mapping[str, Any]) -> frozenset[Address]:
        return frozenset(ref.address for ref in refs(values))
