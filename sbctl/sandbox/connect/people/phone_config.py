"""How a user's calls come: all channels alike (PhoneConfig), or channel by channel. One style shuts out the other.

https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateUserConfig.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.service import ApiError

LONGEST_WORK_SECONDS = 2_000_000
OLDER = {
    "AutoAcceptConfigs": ("AutoAccept",),
    "AfterContactWorkConfigs": ("AfterContactWorkTimeLimit",),
    "PhoneNumberConfigs": ("PhoneType", "DeskPhoneNumber"),
    "PersistentConnectionConfigs": ("PersistentConnection",),
}
"""Settings of each channel → what of PhoneConfig they take the place of."""
CHANNELS = (*OLDER, "VoiceEnhancementConfigs")
WORK = ("AfterContactWorkConfig", "AgentFirstCallbackAfterContactWorkConfig")
LIMIT = "AfterContactWorkTimeLimit"


def check_config(params: Mapping[str, Any]) -> None:
    """Refuse settings that contradict each other. Raises ApiError."""
    phone = params.get("PhoneConfig") or {}
    for name, older in OLDER.items():
        both = [member for member in older if phone.get(member) is not None]
        if params.get(name) and both:
            raise _wrong(f"PhoneConfig.{both[0]} and {name} cannot both be set")
    if phone.get("PhoneType") == "DESK_PHONE" and not phone.get("DeskPhoneNumber"):
        raise _wrong("PhoneConfig.DeskPhoneNumber is required with the phone type DESK_PHONE")
    for name in CHANNELS:
        seen = [one["Channel"] for one in params.get(name) or []]
        if len(seen) != len(set(seen)):
            raise _wrong(f"{name} names a channel twice")
    if any(limit > LONGEST_WORK_SECONDS for limit in _limits(params)):
        raise _wrong(f"AfterContactWorkTimeLimit is more than {LONGEST_WORK_SECONDS} seconds")


def config_of(params: Mapping[str, Any]) -> dict[str, Any]:
    """What a request to make a user says of its calls, as it is kept."""
    found = {name: params[name] for name in CHANNELS if params.get(name)}
    if params.get("PhoneConfig") or not found:
        found["PhoneConfig"] = _whole(params.get("PhoneConfig") or {}, found)
    return found


def with_phone(phone: Mapping[str, Any]) -> dict[str, Any]:
    """What takes the place of everything, channels too, when PhoneConfig is set. Voice enhancement is nothing of it."""
    return {**{name: [] for name in OLDER}, "PhoneConfig": _whole(phone, {})}


def with_channels(before: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """What takes the place of what was, when channels are set: their part of PhoneConfig goes."""
    changed = {name: params[name] for name in CHANNELS if params.get(name) is not None}
    gone = {member for name in changed for member in OLDER.get(name, ())}
    phone = {name: value for name, value in (before.get("PhoneConfig") or {}).items() if name not in gone}
    return {**changed, "PhoneConfig": phone}


def shown_config(values: Mapping[str, Any], *, milliseconds: bool = False) -> dict[str, Any]:
    """The settings as answers have them. Searches tell the time after a contact in milliseconds, all else in seconds."""
    factor = 1000 if milliseconds else 1
    found = {name: values[name] for name in CHANNELS if values.get(name)}
    if "AfterContactWorkConfigs" in found:
        found["AfterContactWorkConfigs"] = [_scaled(one, factor) for one in found["AfterContactWorkConfigs"]]
    phone = dict(values.get("PhoneConfig") or {})
    if LIMIT in phone:
        phone[LIMIT] = phone[LIMIT] * factor
    return {**found, **({"PhoneConfig": phone} if phone else {})}


def _scaled(one: Mapping[str, Any], factor: int) -> dict[str, Any]:
    limits = {name: {LIMIT: one[name][LIMIT] * factor} for name in WORK if LIMIT in (one.get(name) or {})}
    return {**one, **limits}


def _whole(phone: Mapping[str, Any], channels: Mapping[str, Any]) -> dict[str, Any]:
    """With what AWS takes where nothing is said, but for what channels say."""
    usual = {"PhoneType": "SOFT_PHONE", "AutoAccept": False, LIMIT: 0}
    taken = {member for name in channels for member in OLDER.get(name, ())}
    return {name: value for name, value in {**usual, **phone}.items() if name not in taken}


def _limits(params: Mapping[str, Any]) -> list[int]:
    found = [(params.get("PhoneConfig") or {}).get(LIMIT)]
    for one in params.get("AfterContactWorkConfigs") or []:
        found += [(one.get(name) or {}).get(LIMIT) for name in WORK]
    return [limit for limit in found if limit is not None]


def _wrong(why: str) -> ApiError:
    return ApiError("InvalidParameterException", why, 400)
