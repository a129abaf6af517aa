"""The takeover signal: one item of a global table that names the region to which traffic goes by order.

Read and written in one region's data plane. The write is conditional on what was read there, so that of two operators one
wins; between regions the last writer wins, and the lost region learns of it when it comes back.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.odd_answers import nonsense
from sbctl.core.kinds.spec import Frozen
from sbctl.core.moving.takeover import KEY
from sbctl.failover.api_call import Call

TAKEN = "ConditionalCheckFailedException"
ATTEMPTS = 3
CALLS: frozenset[str] = frozenset({"dynamodb:GetItem", "dynamodb:PutItem"})
"""Every operation that giving and reading the signal makes; IAM policies are derived from it."""


class Signal(Frozen):
    """Who has taken over. `region` "" means that nobody has, and regions are served by priority.

    `generation` grows with every order; `run`, `by`, `at` and `reason` say whose it is, since when and why.
    """

    region: str = ""
    generation: int = 0
    run: str = ""
    by: str = ""
    at: str = ""
    reason: str = ""
    drill: str = ""
    """The drill whose order it is; "" for an operator's. Signals of earlier versions have neither this nor a reason."""

    @property
    def when(self) -> datetime | None:
        """The time of `at`; None where that says none."""
        try:
            found = datetime.fromisoformat(self.at)
        except ValueError:
            return None
        return found if found.tzinfo is not None else None

    @property
    def whose(self) -> str:
        """Who gave it, when and why, for people."""
        since = f"{self.when:%Y-%m-%d %H:%M:%S} UTC" if self.when else self.at or "an unknown time"
        part = f", part of {self.drill}" if self.drill else ""
        why = f": {self.reason}" if self.reason else ""
        return f"{self.by or 'somebody'} at {since} (run {self.run or 'unknown'}{part}){why}"

    def as_json(self) -> dict[str, Any]:
        return self.model_dump()


def newest(copies: Iterable[Signal]) -> Signal:
    """The copy that counts: of the last order by generation; of two by time, since the last writer wins."""
    return max(copies, key=lambda one: (one.generation, one.at), default=Signal())


def read_signal(aws: AwsCalls, table: str, region: str) -> Signal:
    """The signal as one region has it. Raises AwsError, also for an item that is no signal."""
    answer = aws.call("dynamodb", "GetItem", region, TableName=table, Key=_key(), ConsistentRead=True)
    item = answer.get("Item", {})
    try:
        generation = int(item["generation"].get("N", "none")) if "generation" in item else 0
    except ValueError as error:
        raise nonsense(error, "takeover signal", ("dynamodb", "GetItem", region)) from error
    return Signal(
        region=_text(item, "region"),
        generation=generation,
        run=_text(item, "run"),
        by=_text(item, "by"),
        at=_text(item, "at"),
        reason=_text(item, "reason"),
        drill=_text(item, "drill"),
    )


def signal_call(table: str, region: str, signal: Signal, known: int) -> Call:
    """The call that gives the signal in `region`, if the signal there still has the generation `known`."""
    item = {
        **_key(),
        "region": {"S": signal.region},
        "generation": {"N": str(signal.generation)},
        "run": {"S": signal.run},
        "by": {"S": signal.by},
        "at": {"S": signal.at},
        **{name: {"S": text} for name, text in (("reason", signal.reason), ("drill", signal.drill)) if text},
    }
    condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(generation)"}
    if known:
        condition = {
            "ConditionExpression": "generation = :known",
            "ExpressionAttributeValues": {":known": {"N": str(known)}},
        }
    return Call("dynamodb", "PutItem", region, {"TableName": table, "Item": item, **condition})


def give_signal(aws: AwsCalls, call: Call, signal: Signal) -> Signal | None:
    """Make the call; None when the signal was given, else the signal of whoever was first. Raises AwsError.

    An answer that was lost is looked up and not guessed: ours stands there, somebody else's, or none yet, and then the
    same conditional call is safe to repeat.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            aws.call(call.service, call.operation, call.region, **call.params)
            return None
        except AwsError as error:
            if error.code != TAKEN and not error.in_doubt:
                raise
            found = read_signal(aws, str(call.params["TableName"]), call.region)
            if (found.run, found.generation, found.region) == (signal.run, signal.generation, signal.region):
                return None
            if error.code == TAKEN:
                return found
            if attempt == ATTEMPTS:
                raise
    return None


def _key() -> dict[str, Any]:
    return {name: {"S": value} for name, value in KEY.items()}


def _text(item: dict[str, Any], name: str) -> str:
    return str(item.get(name, {}).get("S", ""))
