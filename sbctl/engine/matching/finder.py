"""What a target is, of all that a reading found; asked by its id where the reading does not tell."""

from __future__ import annotations

from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.clock import Clock
from sbctl.core.kinds.resource import Live
from sbctl.core.problem import SbctlError
from sbctl.engine.matching.eventual_consistency import ids_in_doubt
from sbctl.engine.matching.identity import FoundGroup, Identities, conclusive, is_renamed
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.matching.targets import Kinds, ReadUnit, Target


class Finder:
    """Finds targets one by one, and notes in `world` whose names moved, and what could not be asked."""

    def __init__(self, kinds: Kinds, aws: AwsCalls, clock: Clock, known: Identities, world: ObservedWorld) -> None:
        self._kinds = kinds
        self._aws = aws
        self._clock = clock
        self._known = known
        self._world = world

    def found(self, target: Target, where: ReadUnit, group: FoundGroup) -> Live[Any] | None:
        """The resource of a target. A recorded id that was not found is asked for by itself, whenever it was written last."""
        kind = self._kinds[where.kind]
        match = group.match(kind, target, where.key, self._known)
        if match.by_id or conclusive(kind, target, where):
            live = self._confirmed(target, where, match.live)
        else:
            live = self._by_id(target, where) or self._confirmed(target, where, match.live)
        if live is None or is_renamed(kind, target, where.key, live):
            if live is not None:
                self._world.moved[target.address] = match.rival
            if match.holder is not None:
                self._world.holders[target.address] = match.holder
        return live

    def _by_id(self, target: Target, where: ReadUnit) -> Live[Any] | None:
        assert target.record is not None
        try:
            return self._kinds[where.kind].read(self._aws, where.region, target.record.ids)
        except AwsError as error:
            problem = from_aws(error, at=str(target.address))
        except SbctlError as error:
            problem = error.problems[0]
        self._world.unread[target.address] = problem.code
        self._world.problems.append(problem)
        return None

    def _confirmed(self, target: Target, where: ReadUnit, live: Live[Any] | None) -> Live[Any] | None:
        """A search index may be behind our own recent write: confirm a surprise by reading the resource itself."""
        ids = ids_in_doubt(target, self._kinds[where.kind], live, self._clock.now())
        if ids is None:
            return live
        try:
            return self._kinds[where.kind].read(self._aws, where.region, ids)
        except AwsError as error:
            self._world.problems.append(from_aws(error, at=str(target.address)))
            return live
