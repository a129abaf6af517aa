"""Which bots flows may use: Amazon Lex classic by name and region, Lex V2 by the ARN of an alias. Whether one exists is not
looked at: the sandbox has no Amazon Lex.

https://docs.aws.amazon.com/connect/latest/APIReference/API_AssociateBot.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.store import CONFLICT, ConnectResource, Instance, ResourceStore, missing
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

KINDS = {"V1": "lex-bot", "V2": "lex-v2-bot"}
ALIAS = re.compile(r"arn:aws[a-z-]*:lex:([a-z0-9-]+):\d{12}:bot-alias/[A-Z0-9]+/[A-Z0-9]+")


class Bots:
    """The operations on bots, old and new."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "AssociateBot": self.associate,
            "DisassociateBot": self.disassociate,
            "ListBots": self.list_all,
            "AssociateLexBot": self.associate,
            "DisassociateLexBot": self.disassociate_classic,
            "ListLexBots": self.list_classic,
        }

    def associate(self, call: Call) -> Answer:
        instance = self._store.active(call)
        version, bot = _named(call.params)
        if version == "V2":
            _check_alias(str(bot["AliasArn"]), call.region)
        values = {"Name": _key(bot), "Bot": dict(bot)}
        self._store.add(instance, KINDS[version], values, {}, CONFLICT)
        return {}

    def disassociate(self, call: Call) -> Answer:
        version, bot = _named(call.params)
        return self._remove(self._store.active(call), version, bot)

    def disassociate_classic(self, call: Call) -> Answer:
        bot = {"Name": call.params["BotName"], "LexRegion": call.params["LexRegion"]}
        return self._remove(self._store.active(call), "V1", bot)

    def _remove(self, instance: Instance, version: str, bot: Mapping[str, Any]) -> Answer:
        every = instance.all(KINDS[version]).values()
        found = next((one for one in every if one.values["Name"] == _key(bot)), None)
        if found is None:
            raise missing("bot", _key(bot))
        self._store.remove(instance, found)
        return {}

    def list_all(self, call: Call) -> Answer:
        version = call.params["LexVersion"]
        found, rest = page(self._every(call, version), call.params, 25)
        member = "LexBot" if version == "V1" else "LexV2Bot"
        return {"LexBots": [{member: one.values["Bot"]} for one in found], **rest}

    def list_classic(self, call: Call) -> Answer:
        found, rest = page(self._every(call, "V1"), call.params, 25)
        return {"LexBots": [one.values["Bot"] for one in found], **rest}

    def _every(self, call: Call, version: str) -> list[ConnectResource]:
        return list(self._store.active(call).all(KINDS[version]).values())


def _named(params: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The version of Lex and the bot that a request names, one of two. Raises ApiError."""
    classic, newer = params.get("LexBot"), params.get("LexV2Bot")
    if bool(classic) == bool(newer) or (newer and not newer.get("AliasArn")):
        raise ApiError("InvalidRequestException", "One of LexBot and LexV2Bot.AliasArn is required", 400)
    return ("V1", classic) if classic else ("V2", newer or {})


def _key(bot: Mapping[str, Any]) -> str:
    return str(bot.get("AliasArn") or f"{bot['LexRegion']}/{bot['Name']}")


def _check_alias(arn: str, region: str) -> None:
    alias = ALIAS.fullmatch(arn)
    if alias is None:
        raise ApiError("InvalidRequestException", f"{arn} is not the ARN of a bot's alias", 400)
    if alias[1] != region:
        raise ApiError("InvalidRequestException", f"The bot is in {alias[1]}, the instance in {region}", 400)


PART = ConnectPart(
    lambda site: Bots(site.store),
    quotas={KINDS["V1"]: 70, KINDS["V2"]: 100},
    told=(
        Quota("connect", "L-B93A6612", "Amazon Lex bots per instance", 70.0, "AWS::Connect::Instance", KINDS["V1"]),
        Quota(
            "connect",
            "L-CCEA7427",
            "Amazon Lex V2 bot aliases per instance",
            100.0,
            "AWS::Connect::Instance",
            KINDS["V2"],
        ),
    ),
)
