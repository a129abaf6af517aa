"""Calls and the numbers that they come by: numbers cost by the day wherever they are held, minutes where calls are served.

A minute is paid twice: for the service, and to the carrier. https://aws.amazon.com/connect/pricing/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from sbctl.cost.estimate import Quantity, Scene
from sbctl.cost.usage import DAYS_A_MONTH
from sbctl.resources.connect_phone_number import PhoneNumberSpec

FREE = frozenset({"TOLL_FREE", "UIFN", "THIRD_PARTY_TF"})
"""Types of numbers whose calls the called side pays."""
ASSUMED = 1.0
"""Numbers of a region whose config names none."""
Numbers = Mapping[tuple[str, bool], float]
"""How many, by country ("" where the config does not say it) and whether they are toll-free."""


def connect(scene: Scene) -> Iterator[Quantity]:
    """Minutes and messages where calls are served; numbers wherever they are held."""
    usage = scene.usage
    for region, load in usage.loads(scene.project).items():
        held = numbers(scene, region)
        inbound, outbound = usage.voice_minutes * load, usage.outbound_minutes * load
        yield Quantity("Amazon Connect", "voice", "connect.voice-minute", inbound + outbound, region)
        yield Quantity("Amazon Connect", "chat", "connect.chat-message", usage.chat_messages * load, region)
        yield from _inbound(inbound, held, usage.toll_free_share, region)
        yield Quantity("Telephony", "outbound calls", "telephony.outbound-minute", outbound, region)
        for (country, free), count in sorted(held.items()):
            price = "telephony.toll-free-number-day" if free else "telephony.number-day"
            yield Quantity("Telephony", _named("numbers", country, free), price, count * DAYS_A_MONTH, region, country)


def numbers(scene: Scene, region: str) -> Numbers:
    """The numbers of a region: as many as the usage says, or those of the config, or one."""
    if scene.usage.phone_numbers is not None:
        return {("", False): scene.usage.phone_numbers}
    found: Counter[tuple[str, bool]] = Counter()
    for desired in scene.of_kind("connect_phone_number"):
        spec = desired.spec
        if isinstance(spec, PhoneNumberSpec) and desired.address.region == region:
            found[spec.country or "", spec.type in FREE] += 1
    return {place: float(count) for place, count in found.items()} or {("", False): ASSUMED}


def _inbound(minutes: float, held: Numbers, share: float | None, region: str) -> Iterator[Quantity]:
    """Minutes spread over the numbers evenly, within the share of those that are toll-free."""
    free = _toll_free(held) if share is None else share
    for toll_free, part in ((False, 1 - free), (True, free)):
        price = "telephony.toll-free-minute" if toll_free else "telephony.inbound-minute"
        of_sort = {country: count for (country, is_free), count in held.items() if is_free == toll_free} or {"": 1.0}
        for country, count in sorted(of_sort.items()):
            calls = minutes * part * count / (sum(of_sort.values()) or 1.0)
            yield Quantity("Telephony", _named("inbound calls", country, toll_free), price, calls, region, country)


def _toll_free(held: Numbers) -> float:
    every = sum(held.values())
    return sum(count for (_, free), count in held.items() if free) / every if every else 0.0


def _named(what: str, country: str, free: bool) -> str:
    words = [*(["toll-free"] if free else []), what, *([f"of {country}"] if country else [])]
    return " ".join(words)
