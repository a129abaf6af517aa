"""A customer calls: a number, or a flow where no number is wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sbctl.sandbox.connect.contacts.contact import Channel
from sbctl.sandbox.connect.contacts.live.beginning import Beginning
from sbctl.sandbox.connect.contacts.live.ground import Ground
from sbctl.sandbox.connect.contacts.live.numbers import Lines
from sbctl.sandbox.connect.contacts.live.progress import Progress, Script
from sbctl.sandbox.connect.store import Instance

Cause = Literal["region", "flow", "quota"]
"""What a call was refused by: its region is down, its number has no flow, or too many calls are in progress."""


@dataclass(frozen=True)
class Refusal:
    """A call that never reached a flow, and why."""

    region: str
    why: str


class Calling:
    """Begins calls as a customer does. Used under Connect's lock."""

    def __init__(self, ground: Ground, lines: Lines, beginning: Beginning) -> None:
        self._ground = ground
        self._lines = lines
        self._beginning = beginning
        self.refused: dict[str, int] = {}
        """Instance → calls that were refused."""
        self.on_refused: Callable[[Instance, Cause], object] = lambda _instance, _cause: None
        """Called when a call was refused."""

    def numbers(self) -> list[str]:
        """The numbers that can be called."""
        return [line.number for line in self._lines.all()]

    def region_of(self, number: str) -> str:
        """Where a call to a number arrives; "" for nowhere."""
        line = self._lines.line(number)
        return line.instance.region if line is not None else ""

    def call(
        self, number: str, caller: str, script: Script, attributes: dict[str, str], *, unlimited: bool = False
    ) -> Progress | Refusal:
        """Call a number. `unlimited`: whatever the quota of concurrent calls."""
        line = self._lines.line(number)
        if line is None:
            known = ", ".join(self.numbers())
            return Refusal(
                "", f"no instance has the number {number}; claimed: {known}" if known else "no number is claimed"
            )
        if not line.flow:
            return self._refuse(line.instance, f"no flow answers {line.number}", "flow")
        values: dict[str, Any] = {"customer": caller, "system": line.number, "attributes": attributes}
        return self.reach(line.instance, line.flow, script, unlimited=unlimited, **values)

    def reach(
        self,
        instance: Instance,
        flow: str,
        script: Script,
        channel: Channel = "VOICE",
        *,
        unlimited: bool = False,
        **values: Any,
    ) -> Progress | Refusal:
        """Let a contact begin in a flow of an instance."""
        if self._ground.around.is_down(instance.region):
            return self._refuse(instance, f"{instance.region} is down", "region")
        if channel == "VOICE" and not unlimited and self._ground.is_full(instance):
            most = self._ground.resources.most("call", instance)
            return self._refuse(instance, f"the quota of {most:.0f} concurrent calls is reached (L-12AB7C57)", "quota")
        contact = self._beginning.contact(instance, channel, "INBOUND" if channel == "VOICE" else "API", **values)
        return self._beginning.begin(contact, flow, script)

    def _refuse(self, instance: Instance, why: str, cause: Cause) -> Refusal:
        self.refused[instance.id] = self.refused.get(instance.id, 0) + 1
        self.on_refused(instance, cause)
        return Refusal(instance.region, why)
