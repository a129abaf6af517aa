"""Customers' KMS keys behind what replicates: whether each key that the config names can be used in its region.

A key that is disabled or about to be deleted lets nothing be read or copied; DynamoDB gives its replica up after hours.
https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from sbctl.checks.fan_out import answers, asked, ends_of
from sbctl.checks.lag.measuring import Found, Measuring, reading, unasked
from sbctl.checks.lag.routes import Pair
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.reading import Reading

CALLS: frozenset[str] = frozenset({"kms:DescribeKey"})
GONE = ("NotFoundException",)
Used = tuple[str, str]
"""A region and the ARN of a key, or of an alias."""


@dataclass(frozen=True)
class KeyView:
    """A key as KMS tells it. `state` "" means that there is none; `arn` is the key's own, also of an alias."""

    arn: str
    state: str = ""


View = KeyView | AwsError
Views = Mapping[Used, View]


def look_at_keys(on: Measuring, pairs: Sequence[Pair], pool: Executor) -> Views:
    """Every key of the ends of these pairs, each looked at once."""
    used = sorted({(region, key) for thing, region in ends_of(pairs) for key in thing.keys.get(region, ())})
    return answers(asked(pool, lambda one: _look(on.aws, *one), used))


def _look(aws: AwsCalls, region: str, key: str) -> View:
    try:
        found = aws.call("kms", "DescribeKey", region, KeyId=key)["KeyMetadata"]
    except AwsError as error:
        return KeyView(key) if error.code in GONE else error
    return KeyView(found["Arn"], found["KeyState"])


def judged_key(aws: AwsCalls, region: str, key: str) -> Found:
    """Whether one key can be used."""
    return _judged(region, key, _look(aws, region, key))


def judge_keys(on: Measuring, pairs: Sequence[Pair], views: Views) -> Iterator[Reading]:
    """A reading for each key of a table or bucket in a region."""
    for thing, region in ends_of(pairs):
        for key in thing.keys.get(region, ()):
            yield reading(on, "kms-key", _judged(region, key, views[region, key]), thing.name, region)


def _judged(region: str, key: str, view: View) -> Found:
    if isinstance(view, AwsError):
        return unasked(view)
    command = f"--region {region} --key-id {view.arn}"
    if not view.state:
        fix = f'Correct "key" in regions.json: {region} has no KMS key {key}.'
        return Found("missing", "bad", f"there is no KMS key {key} in {region}", fix)
    if view.state == "Enabled":
        return Found(view.state, "ok")
    cancel = f"aws kms cancel-key-deletion {command} && " if view.state == "PendingDeletion" else ""
    detail = f"the KMS key {view.arn} in {region} is {view.state}: nothing is encrypted or decrypted with it"
    return Found(view.state, "bad", detail, f"{cancel}aws kms enable-key {command}")


def arn_of(key: str, region: str, views: Views) -> str:
    """The key's own ARN, as policies name it; that of the config where KMS does not tell it."""
    view = views.get((region, key))
    return view.arn if isinstance(view, KeyView) else key
