"""A plan as data: what would be done, field by field and why. Apply does it as told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, field_validator

from sbctl.core.address import Address, AddressText, Ref
from sbctl.core.kinds.facts import Deletion
from sbctl.core.kinds.values import from_json, refs

PLAN_FORMAT = 1
Action = Literal["create", "adopt", "update", "replace", "delete", "forget", "none"]
ACTIONS: tuple[Action, ...] = ("create", "adopt", "update", "replace", "delete", "forget", "none")
Why = Literal["config", "drift", "unknown"]
ENDINGS: dict[Deletion, tuple[Action, str]] = {
    "deleted": ("delete", "no longer wanted"),
    "disabled": ("delete", "no longer wanted; AWS cannot delete it, so sbctl disables it"),
    "left": ("forget", "no longer wanted; AWS cannot delete it, so it stays"),
}
"""What becomes of what is no longer wanted and was made by sbctl, by what AWS can do with its kind."""


class FieldChange(BaseModel):
    """One field that differs. `field` is a dotted path; `why` says who moved: config, AWS (drift), not known yet."""

    model_config = ConfigDict(frozen=True)

    field: str
    before: Any = None
    after: Any = None
    why: Why = "config"
    notes: tuple[str, ...] = ()


class Step(BaseModel):
    """One address and what happens to it.

    `wanted` is the spec with references in JSON form (`tree.to_json`); `seen` is the live spec on which the step was
    planned, None when there was nothing; `needs` are addresses whose steps come first. `after` are those that must give
    up a name before this step can take it. `leaves` are the ids of what the state has here and would drop, though it exists.
    """

    model_config = ConfigDict(frozen=True)

    address: AddressText
    action: Action
    changes: tuple[FieldChange, ...] = ()
    wanted: dict[str, Any] | None = None
    seen: dict[str, Any] | None = None
    ids: dict[str, str] = {}
    owner: str = ""
    needs: tuple[AddressText, ...] = ()
    after: tuple[AddressText, ...] = ()
    leaves: dict[str, str] = {}
    reason: str = ""

    @field_validator("wanted")
    @classmethod
    def _references(cls, wanted: dict[str, Any] | None) -> dict[str, Any] | None:
        """Only such references as can be followed."""
        try:
            from_json(wanted)
        except (TypeError, AttributeError) as error:
            raise ValueError(f"a reference is no text: {error}") from None
        return wanted

    @property
    def at(self) -> Address:
        return Address.parse(self.address)

    def refs(self) -> Iterable[Ref]:
        """References in the wanted values."""
        return refs(from_json(self.wanted)) if self.wanted is not None else ()


class Plan(BaseModel):
    """Everything that a run would do, and on which state, account and config it rests."""

    model_config = ConfigDict(frozen=True)

    format: int = PLAN_FORMAT
    made_at: AwareDatetime
    lineage: str
    serial: int
    account: str
    project: str
    config_digest: str
    regions: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    unread: tuple[str, ...] = ()
    """Regions that could not be read; nothing is planned for what lives there."""

    @property
    def pending(self) -> tuple[Step, ...]:
        """The steps that would change something, in AWS or in the state."""
        return tuple(step for step in self.steps if step.action != "none")

    def summary(self) -> dict[str, int]:
        """How many steps of each action."""
        counts: dict[str, int] = dict.fromkeys(ACTIONS, 0)
        for step in self.steps:
            counts[step.action] += 1
        return counts

    def changes(self) -> dict[Action, str]:
        """What would change, in words by action: "3 to create". Empty where nothing would."""
        counts = self.summary()
        return {action: f"{counts[action]} to {action}" for action in ACTIONS if action != "none" and counts[action]}
