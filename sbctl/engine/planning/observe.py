"""Read what AWS has: pages by kind and region, regions in parallel, each group as soon as its container is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import replace
from typing import Any

from sbctl.core.address import Address
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.clock import Clock
from sbctl.core.events import Listener, PhaseStarted, ReadDone, ReadStarted
from sbctl.core.executors import MakeExecutor, threads
from sbctl.core.kinds.resource import Kind, Live, NotReady
from sbctl.core.kinds.spec import Desired
from sbctl.core.kinds.values import Unknown, resolve
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.state import State
from sbctl.engine.matching.finder import Finder
from sbctl.engine.matching.identity import FoundGroup, Identities, sought
from sbctl.engine.matching.look_alikes import take_alike
from sbctl.engine.matching.observed import ObservedWorld, one_a_region
from sbctl.engine.matching.targets import Kinds, ReadUnit, Target, place, targets
from sbctl.engine.planning.skipped import recorded
from sbctl.engine.planning.unlisted import Depth, completed

WORKERS = 24
SIDE_BY_SIDE = 8
"""Reads of one kind in a region that are under way at a time, where each resource is a call."""

Key = tuple[str, str, str]
Lives = list[Live[Any]]
Members = list[tuple[Target, ReadUnit]]


class LiveReader:
    """Reads everything that a plan needs. Use once."""

    def __init__(
        self,
        kinds: Kinds,
        aws: AwsCalls,
        clock: Clock,
        primary: str,
        listen: Listener,
        *,
        whole: bool = False,
        fast: bool = False,
        depth: Depth = "wanted",
        make_executor: MakeExecutor = threads,
    ) -> None:
        """With `whole` everything that stands in a Connect instance is read, also what nobody asked for.

        With `fast` what kinds say may be skipped is taken as it is recorded. `depth`: how far fields are read that lists lack.
        """
        self._whole = whole
        self._fast = fast
        self._depth: Depth = "recorded" if fast else depth
        self._crew = make_executor
        self._kinds = kinds
        self._aws = aws
        self._clock = clock
        self._primary = primary
        self._listen = listen
        self._world = ObservedWorld()
        self._known: Identities
        self._finder: Finder
        self._waiting: dict[Address, Target] = {}
        self._unplaced: dict[Address, Target] = {}
        self._placed: dict[Key, dict[Address, ReadUnit]] = {}
        self._done: dict[Key, FoundGroup | Problem] = {}
        self._asked: dict[Key, frozenset[str]] = {}
        self._running: dict[Future[Lives], tuple[Key, frozenset[str]]] = {}
        self._lost: dict[Key, Problem] = {}
        """Groups whose container AWS does not know."""
        self._of_lost: dict[Key, set[Address]] = {}

    def observe(
        self,
        desired: Iterable[Desired],
        state: State,
        whole: State | None = None,
        kept: Collection[Address] = (),
    ) -> ObservedWorld:
        """Look for all wanted and recorded resources. Regions that do not answer end up in `unread`, with a problem.

        `whole` is the state with the records that are not looked for, `kept` all that the config wants: what is theirs is
        taken for nothing else.
        """
        self._waiting = targets(desired, state)
        wanted = [target for target in self._waiting.values() if target.desired is not None]
        self._known = Identities(self._kinds, whole or state, dict(self._waiting), self._primary, kept)
        self._finder = Finder(self._kinds, self._aws, self._clock, self._known, self._world)
        self._unplaced = dict(self._waiting)
        if self._fast:
            self._take_recorded()
        self._listen(PhaseStarted("reading", len(self._waiting)))
        with self._crew(WORKERS, "read") as pool:
            while self._waiting:
                self._start(pool)
                if not self._running:
                    break
                self._collect()
        self._world.absent.update(self._waiting)
        groups = {group: found for group, found in self._done.items() if isinstance(found, FoundGroup)}
        take_alike(self._kinds, self._aws, self._primary, wanted, groups, self._known, self._world)
        self._forget_lost(state)
        read = [group for group, found in self._done.items() if not isinstance(found, Problem)]
        alive = {group[1] for group in read if not self._kinds[group[0]].home}
        self._world.problems = one_a_region(self._world.problems, {group[1] for group in read}, alive)
        self._world.others = self._not_asked_for()
        return self._world

    def _take_recorded(self) -> None:
        """Take what may be skipped as it is recorded; what has no record is read all the same."""
        for address, target in list(self._waiting.items()):
            live = recorded(self._kinds[address.kind], target.record) if target.record is not None else None
            if live is not None:
                self._world.live[address] = live
                self._world.skipped.add(address)
                del self._waiting[address], self._unplaced[address]

    def _forget_lost(self, state: State) -> None:
        """What stood in a container that nobody finds any more is gone with it; of one that is there, AWS's answer is a problem."""
        lost = set[Address]().union(*self._of_lost.values())
        unread = [record for address in self._world.unread if address not in lost and (record := state.get(address))]
        known = [live.ids for live in self._world.live.values()] + [record.ids for record in unread]
        there = {value for ids in known for value in ids.values()}
        for group, problem in self._lost.items():
            if group[2] not in there:
                for address in self._of_lost.get(group, ()):
                    del self._world.unread[address]
                    self._world.absent.add(address)
                self._world.problems = [one for one in self._world.problems if one != problem]

    def _not_asked_for(self) -> dict[Key, dict[str, Live[Any]]]:
        """What whole groups hold besides what was looked for."""
        taken = {id(live) for live in self._world.live.values()}
        return {
            group: {
                key: live
                for key, rows in found.by_key.items()
                for live, _ in rows
                if key not in self._asked[group] and id(live) not in taken
            }
            for group, found in self._done.items()
            if not isinstance(found, Problem) and self._reads_whole(self._kinds[group[0]])
        }

    def _reads_whole(self, kind: Kind[Any, Any]) -> bool:
        """Only Connect instances are wholly the project's; elsewhere other people's resources are none of its business."""
        return self._whole and kind.connect_only and bool(kind.within)

    def _start(self, pool: Executor) -> None:
        """Settle what can be settled, and start to read the groups whose place is known."""
        progress = True
        while progress:
            absent = self._place_all()
            progress = self._settle_all() or absent
        for group in self._startable():
            self._submit(pool, group)

    def _place_all(self) -> bool:
        """Find out where things are. Whether something was settled, because what it is in does not exist."""
        settled = False
        for address, target in list(self._unplaced.items()):
            where = place(self._kinds[address.kind], target, self._primary, self._world.lookup)
            if isinstance(where, ReadUnit):
                self._placed.setdefault(where.group, {})[address] = where
                del self._unplaced[address]
            else:
                settled |= self._settle_unknown(where, address)
        return settled

    def _settle_all(self) -> bool:
        """Note what the groups that were read say of their members. Whether there was something to note."""
        settled = False
        for members in self._placed.values():
            for address in [address for address, where in members.items() if self._answered(where)]:
                self._settle(self._waiting.pop(address), members.pop(address))
                settled = True
        return settled

    def _answered(self, where: ReadUnit) -> bool:
        result = self._done.get(where.group)
        return isinstance(result, Problem) or (result is not None and where.key in self._asked[where.group])

    def _settle_unknown(self, value: Unknown, address: Address) -> bool:
        if value.pending and value.ref.address in self._waiting:
            return False
        if value.ref.address in self._world.unread:
            self._world.unread[address] = self._world.unread[value.ref.address]
        else:
            self._world.absent.add(address)
        del self._waiting[address], self._unplaced[address]
        return True

    def _startable(self) -> list[Key]:
        """Groups to read now: not those that something else may still join, which would mean reading them twice."""
        unplaced = {(address.kind, address.region) for address in self._unplaced}
        running = {group for group, _ in self._running.values()}
        return [
            group
            for group, members in self._placed.items()
            if members and group not in running and not _joined_later(group, unplaced, self._running)
        ]

    def _submit(self, pool: Executor, group: Key) -> None:
        members = [(self._waiting[address], where) for address, where in self._placed[group].items()]
        future = pool.submit(self._read, group, members)
        self._running[future] = (group, frozenset(where.key for _, where in members))

    def _read(self, group: Key, members: Members) -> Lives:
        name, region, within = group
        kind = self._kinds[name]
        self._listen(ReadStarted(name, region))
        whole = self._reads_whole(kind)
        found = list(kind.list(self._aws, region, within) if whole else self._find(kind, region, within, members))
        found = completed(kind, self._aws, region, found, members, self._depth, self._crew)
        self._listen(ReadDone(name, region, len(found)))
        return found

    def _find(self, kind: Kind[Any, Any], region: str, within: str, members: Members) -> Iterable[Live[Any]]:
        """What is read one by one is read side by side; the client keeps to the service's rate."""
        sides = min(SIDE_BY_SIDE, len(members)) if kind.singly and not kind.spec.unlisted else 1
        parts = [sought(kind, members[start::sides]) for start in range(sides)]
        if sides < 2:
            return kind.find(self._aws, region, within, parts[0])
        with self._crew(sides, "read") as pool:
            found = [pool.submit(kind.find, self._aws, region, within, part) for part in parts]
            return [live for future in found for live in future.result()]

    def _collect(self) -> None:
        finished, _ = wait(self._running, return_when=FIRST_COMPLETED)
        for future in finished:
            group, keys = self._running.pop(future)
            self._asked[group] = self._asked.get(group, frozenset()) | keys
            try:
                self._take(group, future.result())
            except AwsError as error:
                problem = from_aws(error, at=f"{group[0]}.{group[1]}")
                self._done[group] = problem
                if error.code == "ResourceNotFoundException" and group[2]:
                    self._lost[group] = problem
            except SbctlError as error:
                self._done[group] = error.problems[0]

    def _take(self, group: Key, found: Lives) -> None:
        known = self._done.get(group)
        members = FoundGroup() if known is None or isinstance(known, Problem) else known
        members.add(self._kinds[group[0]], group[:2], found, self._known)
        self._done[group] = members

    def _settle(self, target: Target, where: ReadUnit) -> None:
        result = self._done[where.group]
        if isinstance(result, Problem):
            self._world.unread[target.address] = result.code
            if where.group in self._lost:
                self._of_lost.setdefault(where.group, set()).add(target.address)
            if result not in self._world.problems:
                self._world.problems.append(result)
            return
        live = self._limited(target, where, self._finder.found(target, where, result))
        if target.address in self._world.unread:
            return
        if live is None:
            self._world.absent.add(target.address)
        elif live.failed is not None and target.desired is not None:
            self._leave_out(target.address, live.failed)
        else:
            self._world.live[target.address] = live
            if target.record is not None and target.record.status == "creating" and live.failed is None:
                self._note_unready(target.address, where, live)

    def _limited(self, target: Target, where: ReadUnit, live: Live[Any] | None) -> Live[Any] | None:
        """With the account's limits, where a kind needs them to say what can be had of what is wanted."""
        if live is None or target.desired is None:
            return live
        wanted = resolve(target.desired.values, self._world.lookup)
        try:
            return self._kinds[where.kind].with_limits(self._aws, where.region, wanted, live)
        except AwsError as error:
            self._world.problems.append(from_aws(error, at=str(target.address)))
            return live

    def _leave_out(self, address: Address, failed: Problem) -> None:
        """What AWS could not make is of no use, nor is what would stand in it; it is told, and can be deleted."""
        self._world.unread[address] = failed.code
        self._world.problems.append(replace(failed, at=str(address), exit=Exit.PARTIAL))

    def _note_unready(self, address: Address, where: ReadUnit, live: Live[Any]) -> None:
        try:
            self._kinds[where.kind].ready(self._aws, where.region, live.ids)
        except NotReady:
            self._world.unready.add(address)
        except AwsError as error:
            self._world.problems.append(from_aws(error, at=str(address)))
        except SbctlError as error:
            at = str(address)
            self._world.problems += [replace(problem, at=at, exit=Exit.PARTIAL) for problem in error.problems]


def _joined_later(group: Key, unplaced: set[tuple[str, str]], running: Mapping[Any, Any]) -> bool:
    return bool(running) and (group[0], group[1]) in unplaced
