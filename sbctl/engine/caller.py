"""Whose the credentials are, by the first region that says so: the primary may be the one that is lost."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError

Answer = str | Exception


def account_of(aws: AwsCalls, regions: Sequence[str], next_after: float | None = None) -> str:
    """The caller's account. Raises AwsError: AWS's refusal at once, silence when every region is silent.

    Regions are asked in their order: the next one when one is silent, or has not answered after `next_after` seconds. None
    waits for each, in the caller's own thread.
    """
    if next_after is None:
        return _in_turn(aws, regions)
    answers: queue.Queue[Answer] = queue.Queue()
    left, silent = list(regions), 0
    while silent < len(regions):
        if left:
            threading.Thread(target=_ask, args=(aws, left.pop(0), answers), name="caller", daemon=True).start()
        try:
            found = answers.get(timeout=next_after if left else None)
        except queue.Empty:
            continue
        if isinstance(found, str):
            return found
        silent += 1
        if silent == len(regions) or not (isinstance(found, AwsError) and found.regional):
            raise found
    raise AssertionError("no region to ask")


def _in_turn(aws: AwsCalls, regions: Sequence[str]) -> str:
    *others, last = regions
    for region in others:
        try:
            return _account(aws, region)
        except AwsError as error:
            if not error.regional:
                raise
    return _account(aws, last)


def _ask(aws: AwsCalls, region: str, answers: queue.Queue[Answer]) -> None:
    try:
        answers.put(_account(aws, region))
    except Exception as error:  # noqa: BLE001 - it belongs to whoever waits
        answers.put(error)


def _account(aws: AwsCalls, region: str) -> str:
    return str(aws.call("sts", "GetCallerIdentity", region)["Account"])
