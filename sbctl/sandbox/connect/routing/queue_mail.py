"""With which e-mail addresses a queue works. https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateQueue.html"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.store import Instance, bare, missing

KIND = "email-address"


def mail_of(instance: Instance, params: Mapping[str, Any]) -> dict[str, Any]:
    """What a new queue says of e-mail, as it is kept. Raises ApiError for an address that the instance has not."""
    sender = params.get("OutboundEmailConfig")
    listed = [bare(str(one["EmailAddressId"])) for one in params.get("EmailAddressesConfig") or []]
    named = [bare(str(sender["OutboundEmailAddressId"]))] if sender and sender.get("OutboundEmailAddressId") else []
    for one in (*named, *listed):
        if one not in instance.all(KIND):
            raise missing("e-mail address", one)
    return {"OutboundEmailConfig": sender, "EmailAddressIds": [*dict.fromkeys((*named, *listed))]}
