"""What has another name than is wanted, and neither a record nor a tag that says what it is: known by all else that it is.

A creation would make a second one of it. It is taken over instead, and the plan shows its name as a change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sbctl.core.address import Address
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.values import has_unknown, resolve
from sbctl.engine.matching.identity import FoundGroup, Identities
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.matching.targets import Kinds, Target, region_to_call, shaped

Key = tuple[str, str, str]
"""Kind, region to call and container."""


def take_alike(
    kinds: Kinds,
    aws: AwsCalls,
    primary: str,
    targets: Iterable[Target],
    groups: Mapping[Key, FoundGroup],
    known: Identities,
    world: ObservedWorld,
) -> None:
    """Take over unmanaged resources that equal a wanted, missing one in all but the name."""
    taken = {id(live) for live in (*world.live.values(), *world.moved.values()) if live is not None}
    for target in sorted(targets, key=lambda one: one.address):
        kind = kinds[target.address.kind]
        wanted = resolve(target.values, world.lookup)
        if target.desired is None or target.address not in world.absent or has_unknown(wanted):
            continue
        likeness = kind.likeness(shaped(kind, wanted))
        region = region_to_call(kind, target.address, primary)
        group = groups.get((kind.name, region, str(wanted.get(kind.within, ""))))
        if not likeness or group is None:
            continue
        for live in _alike(kind, likeness, group, region, known, taken):
            if _is_taken(kind, aws, region, live, target.address, world):
                taken.add(id(live))
                break


def _alike(
    kind: Kind[Any, Any], likeness: str, group: FoundGroup, region: str, known: Identities, taken: Collection[int]
) -> Iterator[Live[Any]]:
    for live in group.lives:
        nobodys = id(live) not in taken and known.address_of((kind.name, region), live) is None
        if nobodys and kind.likeness(live.spec) == likeness:
            yield live


def _is_taken(
    kind: Kind[Any, Any], aws: AwsCalls, region: str, live: Live[Any], address: Address, world: ObservedWorld
) -> bool:
    """Take it, unless it is not there any more, or not alike: lists may be behind. Without an answer nothing is made."""
    try:
        there = kind.read(aws, region, live.ids)
    except AwsError as error:
        problem = from_aws(error, at=str(address))
        world.problems.append(problem)
        world.unread[address] = problem.code
        world.absent.discard(address)
        return True
    if there is None or kind.likeness(there.spec) != kind.likeness(live.spec):
        return False
    world.absent.discard(address)
    world.live[address] = there
    return True
