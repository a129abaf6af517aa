"""The composition root: builds settings, clock, client, shelves, store and session once, and hands them on."""

from __future__ import annotations

import os
import shlex
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sbctl.clocks import ExactClock, RealClock, SandboxClock, WorldClock, WorldTime, read_world_time, wait_world_time
from sbctl.core.aws.urls import endpoint_fault
from sbctl.core.events import Listener, PhaseStarted
from sbctl.core.executors import MakeExecutor, threads
from sbctl.core.kinds.discover import discover
from sbctl.core.place import SharedPlace
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project_files import CONFIG_FOLDER
from sbctl.core.report import Report
from sbctl.core.text.secrets import redacted
from sbctl.endpoints import SANDBOX, endpoint_name, noted_for
from sbctl.store.files.atomic import DISK, Disk
from sbctl.store.named_place import named_place
from sbctl.ui.invocation import Invocation
from sbctl.ui.personal import Mask

# What talks to AWS, reads the config or plans is imported where it is first needed: `status` shows what it knows before
# boto3 would even be loaded.
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sbctl.aws.client import ClientSettings
    from sbctl.checks.lag.measuring import Measuring
    from sbctl.client_profiles import ClientProfiles
    from sbctl.core.actor import Actor
    from sbctl.core.clock import Clock
    from sbctl.core.kinds.resource import Kind
    from sbctl.core.moving.rules import Rules
    from sbctl.core.state import State
    from sbctl.desired.files.recorded import Recorded
    from sbctl.desired.load import Loaded
    from sbctl.engine.session import Session
    from sbctl.failover.kit.cache import KitCache
    from sbctl.failover.kit.kit import Kit
    from sbctl.probes.dns import Dns
    from sbctl.probes.http import Http
    from sbctl.store.flow_tests import FlowTestCache
    from sbctl.store.readings import ReadingCache
    from sbctl.store.runs.shared import SharedRuns
    from sbctl.store.runs.spare import SpareRuns
    from sbctl.store.runs.store import RunStore
    from sbctl.store.state.store import StateStore

KINDS = "sbctl.resources"
STANDING_SLACK = 30.0
NEXT_AFTER_SECONDS = 1.0
NOT_CACHED = "The failover kit could not be kept in the cache folder"
BELIEVED_SECONDS = 1.0
"""How long an answer of the sandbox's clock is carried on while lags are measured."""


class Deployment(Protocol):
    """What measurements need to know of a project, or of its kit."""

    @property
    def account(self) -> str: ...
    @property
    def rules(self) -> Rules: ...


@dataclass(frozen=True)
class Settings:
    """The global options of the command line."""

    config: Path = Path(CONFIG_FOLDER)
    config_is_found: bool = False
    """Whether it was looked for: then it is found again, and lines to be typed need not name it."""
    state: Path | SharedPlace | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    sandbox: bool = False
    resolver: str | None = None
    lock_timeout: float = 0.0
    output: str = "human"
    yes: bool = False
    verbose: bool = False
    debug: bool = False
    quiet: bool = False
    no_pager: bool = False
    show_personal: bool = False
    log_file: Path | None = None


class App:
    """What a command works with; each part is built when it is first asked for."""

    def __init__(self, settings: Settings, listen: Listener, command: str) -> None:
        self.settings = settings
        self.listen = listen
        self.command = command
        self.stop = threading.Event()
        self.restoring = threading.Event()
        """Set while a drill puts back what it did: that is not broken off by a second signal."""
        self.notes: list[Problem] = []
        self.invocation = Invocation()
        """How the lines have to be called that people are told to type."""
        self._noting = threading.Lock()
        self.make_executor: MakeExecutor = threads
        self.disk: Disk = DISK
        self.lenient = False
        """Whether a state that cannot be written stops nothing: for what only reads, and for moving traffic."""
        self.moving = False
        """Whether traffic is moved: nor does that stop what stands in the place of the state's folder and is none."""

    def note(self, problem: Problem) -> None:
        """Tell something now, and at the end of the run; once, however often it is met. Of one cause the first is told now."""
        with self._noting:
            if any(one.code == problem.code for one in self.notes):
                return
            told = any(one.fix == problem.fix != "" for one in self.notes)
            self.notes.append(replace(problem, exit=Exit.DONE))
        if not told:
            self.listen(PhaseStarted(f"{problem.summary}: {problem.detail} ({problem.at})"))

    def _unlogged(self, problem: Problem) -> bool:
        if self.lenient:
            detail = f"{problem.detail.partition(';')[0]}; calls are made and not logged"
            fix = "Free some space or permit writing there."
            self.note(replace(problem, detail=detail, fix=fix))
        return self.lenient

    @cached_property
    def clock(self) -> RealClock:
        return RealClock()

    @cached_property
    def project_folder(self) -> Path:
        """The folder around the config: flows/, lambdas/ and, unless told otherwise, state/ are beside it."""
        config = self.settings.config
        return (config.resolve() if config.name in ("", "..") else config).parent

    @cached_property
    def place(self) -> Path | SharedPlace | None:
        """Where the state is kept: as this run names it, else as the project's files do. Those speak of AWS, not of a sandbox.

        Raises SbctlError when what the files name is no place, unless the run is lenient: a failover needs no config.
        """
        if self.settings.state is not None or self.settings.sandbox:
            return self.settings.state
        try:
            return named_place(self.settings.config, self.project_folder)
        except SbctlError as error:
            if not self.lenient:
                raise
            self.notes.extend(replace(problem, exit=Exit.DONE) for problem in error.problems)
            return None

    @cached_property
    def state(self) -> Path:
        """The folder of the state; of a shared one, that of what stays here: the audit log and the sandbox's note."""
        return self._folder_of(self.place)

    @cached_property
    def sandbox_home(self) -> Path:
        """The folder beside whose state the local sandbox keeps its note: not where regions.json says, which is about AWS."""
        return self._folder_of(self.settings.state)

    def _folder_of(self, chosen: Path | SharedPlace | None) -> Path:
        from sbctl.store.state.folder import require_folder

        folder = chosen if isinstance(chosen, Path) else self.project_folder / "state"
        return folder if self.moving else require_folder(folder)

    @cached_property
    def waiting(self) -> Clock:
        """The clock by which a run waits for AWS: where a sandbox is called its own, which may run fast or be advanced."""
        if not self._called:
            return self.clock
        return SandboxClock(self.clock, self._read_time, partial(wait_world_time, *self._control))

    @property
    def _control(self) -> tuple[str, str]:
        """Endpoint and token of the sandbox that is called."""
        return str(self._called["endpoint"]), str(self._called.get("token", ""))

    def _read_time(self) -> WorldTime:
        return read_world_time(*self._control)

    @cached_property
    def world(self) -> Clock:
        """The clock on which lags, RTO and RPO are measured: where a sandbox is called its own, else real time."""
        if not isinstance(self.waiting, SandboxClock):
            return self.clock
        return WorldClock(self.waiting, self.clock, self._read_time)

    def now(self, made_in: str = "") -> datetime:
        """The time to which ages are counted, and by which what a run sees is stamped: the clock of the world it happened in.

        On a sandbox, also one that AWS_ENDPOINT_URL calls, that is the sandbox's: it is advanced and may run fast, and lags, RTO
        and cooldowns are measured by it. `made_in` is whose world it is, as a kit has it. No sandbox is started to be asked.
        """
        if not (self.settings.sandbox or made_in == SANDBOX) or "_sandbox" in self.__dict__:
            return self.world.now()
        note = noted_for(self.sandbox_home)
        asked = partial(read_world_time, str(note.get("endpoint", "")), str(note.get("token", "")))
        return (ExactClock(self.clock, asked) if note else self.clock).now()

    @cached_property
    def pace(self) -> Clock:
        """The clock by which calls are repeated: real time, by which rates are counted, unless the sandbox's clock stands."""
        return self.world if self._stands else self.clock

    @cached_property
    def slack(self) -> float:
        """How many times as long as on AWS an answer is waited for.

        Where the sandbox's clock stands, the sandbox ends what hangs, and a busy machine must not look like a silent region.
        """
        return STANDING_SLACK if self._stands else 1.0

    @property
    def next_after(self) -> float | None:
        """How long one region is waited for where any region will do; None where regions are asked in turn."""
        return NEXT_AFTER_SECONDS * self.slack if self.make_executor is threads else None

    @cached_property
    def _stands(self) -> bool:
        return isinstance(self.waiting, SandboxClock) and self.waiting.stands

    def sandbox_speed(self) -> float:
        """How many times as fast as real time the clock runs on which this run measures; 0 where it stands."""
        return self.waiting.speed() if isinstance(self.waiting, SandboxClock) else 1.0

    @cached_property
    def kinds(self) -> dict[str, Kind[Any, Any]]:
        return discover(KINDS, "RESOURCE")

    def shown(self, view: Any) -> Any:
        """A view, or a whole report, with data of people masked unless it was asked for (`--show-personal`)."""
        if self.settings.show_personal:
            return view
        mask = Mask(self._personal)
        return mask.report(view) if isinstance(view, Report) else mask.view(view)

    def _personal(self, kind: str) -> frozenset[str]:
        """The personal fields of a kind, by its name or its title."""
        if "kinds" not in self.__dict__ and "_" not in kind:
            return frozenset()
        known = self.kinds.get(kind) or next((one for one in self.kinds.values() if one.title == kind), None)
        return known.spec.personal if known is not None else frozenset()

    @cached_property
    def loaded(self) -> Loaded:
        """The project and what it wants. Raises SbctlError with every problem of the config at once."""
        return self._load(self._known())

    @cached_property
    def at_rest(self) -> Loaded:
        """The same without running any code of the project: flows of Python files are as the last deploy recorded them.

        Raises SbctlError, also when the state cannot be read.
        """
        from sbctl.desired.files.recorded import Recorded, as_deployed

        state = self.store.load()
        recorded = Recorded.of(state)
        found = self._load(state, recorded)
        given = frozenset(str(one.address) for one in found.desired if one.at and one.at.endswith(".json"))
        return replace(found, desired=tuple(as_deployed(found.desired, state, recorded, given)))

    def _load(self, state: State, recorded: Recorded | None = None) -> Loaded:
        from sbctl.desired.load import load_project

        root = self.project_folder
        kinds = tuple(self.kinds.values())
        taken = {address: str(record.applied.get("name", "")) for address, record in state.records.items()}
        folders = (root / "flows", root / "lambdas")
        return load_project(self.settings.config, kinds, *folders, state.account, taken=taken, recorded=recorded)

    def _known(self) -> State:
        """The state; an empty one when there is none. A damaged state is reported by those who need it."""
        from sbctl.core.state import State

        store = self.store
        try:
            return store.load()
        except SbctlError:
            return State()

    @cached_property
    def store(self) -> StateStore:
        """The state."""
        return self.store_at(self.place or self.state)

    def store_at(self, place: Path | SharedPlace) -> StateStore:
        """The state that is kept at a place."""
        from sbctl.store.locks.waiting import LockWaiting
        from sbctl.store.state.folder import require_folder
        from sbctl.store.stores import file_store, shared_store

        patience = LockWaiting(self.settings.lock_timeout, self.stop.is_set, lambda who: self.listen(PhaseStarted(who)))
        if isinstance(place, Path):
            folder, disk = require_folder(place), self.disk
            return file_store(
                folder, self.clock, self.command, call=self.call, patience=patience, disk=disk, actor=self.actor
            )
        aws = self.clients.for_state()
        return shared_store(place, aws, self.clock, self.command, call=self.call, patience=patience, actor=self.actor)

    @property
    def profile(self) -> str:
        """The AWS profile of this run; "" for the default one."""
        named = self.settings.profile or os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE") or ""
        return "" if self.settings.sandbox else named

    @cached_property
    def call(self) -> str:
        """How this sbctl is called, as far as it matters to find the same state and the same world: for remedies."""
        config, state = self.settings.config, self.settings.state
        options = [] if config == Settings.config or self.settings.config_is_found else ["--config", str(config)]
        options += [] if state is None else ["--state", str(state)]
        options += ["--sandbox"] if self.settings.sandbox else []
        more = {"profile": self.settings.profile, "endpoint-url": self.settings.endpoint_url}
        for name, value in {**more, "resolver": self.settings.resolver}.items():
            options += [f"--{name}", value] if value else []
        return " ".join(["sbctl", *map(shlex.quote, map(redacted, options))])

    @cached_property
    def clients(self) -> ClientProfiles:
        """The clients to AWS, or to the sandbox."""
        from sbctl.client_profiles import ClientProfiles

        cost = ExactClock(self.clock, self._read_time) if self._stands else self.clock
        return ClientProfiles(self.client_settings, self.clock, self.waiting, self.listen, self.pace, self.slack, cost)

    @cached_property
    def client_settings(self) -> ClientSettings:
        """How AWS, or the sandbox, is reached."""
        from sbctl.aws.client import ClientSettings

        return ClientSettings(
            profile=self.settings.profile,
            endpoint_url=self.endpoint,
            audit=self.state / "audit.jsonl",
            unlogged=self._unlogged,
            placeholder_credentials=self.settings.sandbox,
            rate_limits=not self.settings.sandbox or bool(self._sandbox.get("limits", True)),
            actor=self.actor,
        )

    def measuring(
        self,
        timeout: float | None = None,
        samples: int = 1,
        avoid: frozenset[str] = frozenset(),
        of: Deployment | None = None,
    ) -> Measuring:
        """What a measurement of replication works with. Each call opens a new client: what was silent is asked again.

        `timeout` in seconds of the world's time, by default twice the RPO; regions in `avoid` are never called; `of` is what
        is measured, by default the project.
        """
        from sbctl.checks.lag.measuring import Measuring
        from sbctl.store.canaries import CanaryLedger

        of = of or self.loaded.project
        rpo = of.rules.objectives.rpo_seconds
        return Measuring(
            aws=self.clients.measuring().canary_only,
            world=self._stopwatch,
            clock=self._stopwatch,
            ledger=CanaryLedger(self._ledger_folder()),
            rpo=rpo,
            timeout=2 * rpo if timeout is None else timeout,
            account=of.account,
            samples=samples,
            listen=self.listen,
            stop=self.stop,
            avoid=avoid,
            make_executor=self.make_executor,
        )

    def _ledger_folder(self) -> Path:
        """Where canaries are noted: with the state; for a lenient run that cannot write there, with its other spare files."""
        from sbctl.store.runs.spare_folder import can_write

        own = self.state / "canaries"
        keep = not self.lenient or self.spare is None or can_write(own, self.disk)
        return own if keep or self.spare is None else self.spare / "canaries"

    @cached_property
    def spare(self) -> Path | None:
        """Where a lenient run writes what the state's folder does not take; None where there is nothing."""
        from sbctl.store.runs.spare_folder import spare_folder

        return spare_folder(self.state)

    @cached_property
    def _stopwatch(self) -> Clock:
        if not isinstance(self.waiting, SandboxClock):
            return self.clock
        return WorldClock(self.waiting, self.clock, self._read_time, BELIEVED_SECONDS)

    @cached_property
    def actor(self) -> Actor:
        """Who runs this, and from where."""
        from sbctl.store.operator import actor_here

        return actor_here(self.clock)

    @cached_property
    def runs(self) -> RunStore | SharedRuns:
        """The journals of failovers and drills."""
        place = self.place
        return self.runs_at(place if isinstance(place, SharedPlace) else self.state)

    def runs_at(self, place: Path | SharedPlace) -> RunStore | SharedRuns:
        """The journals of a state that is kept at a place; where it cannot be written, a lenient run keeps them elsewhere."""
        from sbctl.store.stores import shared_runs

        here = self._spared(self._runs_in(place if isinstance(place, Path) else self.state))
        if isinstance(place, Path):
            return here
        kept = self.state / "shared-runs"
        return shared_runs(place, self.clients.for_runs(), here, kept, self.make_executor, self.clock, self.disk)

    def _runs_in(self, folder: Path) -> RunStore:
        from sbctl.store.runs.store import RunStore

        return RunStore(folder / "runs", self.clock, self.world, self.command, self.disk, self.actor)

    def _spared(self, first: RunStore) -> SpareRuns:
        from sbctl.store.runs.spare import MemoryRuns, SpareRuns
        from sbctl.store.runs.spare_folder import other_spares

        spare = self._runs_in(self.spare) if self.spare else None
        memory = MemoryRuns(self.clock, self.world, say)
        strays = [self._runs_in(folder) for folder in other_spares(self.state, self._journals)]
        return SpareRuns(first, spare, memory, lambda: self.lenient, self.note, strays, self._note_spare)

    def _note_spare(self, runs: Path) -> None:
        from sbctl.store.runs.spare_folder import note_spare

        note_spare(self.state, runs.parent, self._journals, self.disk)

    @property
    def _journals(self) -> Path | None:
        """Where the user's cache notes which temporary directories hold journals."""
        from sbctl.failover.kit.cache import cache_folder

        kits = cache_folder(os.environ)
        return kits.with_name("journals") if kits else None

    def finish(self) -> None:
        """What is to be done when the work is over, whatever became of it: journals of runs go to where others see them."""
        if "runs" in self.__dict__:
            self.notes.extend(self.runs.finish())

    @cached_property
    def kits(self) -> KitCache:
        """The kits in this user's cache."""
        from sbctl.failover.kit.cache import KitCache, cache_folder

        return KitCache(cache_folder(os.environ), self.disk)

    def keep_kit(self, kit: Kit, *, told: bool = True) -> None:
        """Keep a kit in this user's cache; where that is not possible, a note if it is to be `told`."""
        try:
            self.kits.keep(kit, self.state)
        except SbctlError as error:
            if told:
                self.note(replace(error.problems[0], code="kit-not-cached", summary=NOT_CACHED))

    @cached_property
    def endpoint(self) -> str | None:
        """The endpoint to call; with --sandbox that of the local sandbox, started when none runs."""
        return str(self._sandbox["endpoint"]) if self.settings.sandbox else self.settings.endpoint_url

    @cached_property
    def _sandbox(self) -> dict[str, Any]:
        """What the local sandbox says of itself; started when none runs."""
        from sbctl.local_sandbox import ensure_running  # an extra: imported only when asked for

        note = ensure_running(self.sandbox_home, self.settings.config)
        self.remark(note)
        return note

    def remark(self, note: Mapping[str, Any]) -> None:
        """Tell what is to be known of a sandbox that this run has started: now, and at the end of the run."""
        from sbctl.local_sandbox import remark

        found = remark(note, recorded := self._recorded_in_sandbox() if note["begun"] == "empty" else 0)
        if recorded:
            self.readings.forget()  # they are of a world that is gone
            self.flow_tests.forget()
        if found is not None:
            self.listen(PhaseStarted(found.summary))
            self.notes.append(found)

    def _recorded_in_sandbox(self) -> int:
        """Resources of a sandbox in the state. A shared state is not asked: it may lie in the sandbox itself."""
        if isinstance(self.place, SharedPlace):
            return 0
        try:
            state = self.store.load()
        except SbctlError:
            return 0  # those who need the state report what is wrong with it
        return len(state.records) if state.endpoint == SANDBOX else 0

    def may_be_elsewhere(self, made_in: str) -> bool:
        """Whether what was made in the sandbox may not be what this run asks about; to be sure, its endpoint has to be asked."""
        return made_in == SANDBOX and not self.settings.sandbox

    @cached_property
    def endpoint_name(self) -> str:
        """Whose resources this run deals with: "aws", "sandbox", or the host of another endpoint."""
        return SANDBOX if self.settings.sandbox else self.endpoint_name_in(self.loaded.project.primary.region)

    def endpoint_name_in(self, region: str) -> str:
        """The same where there is no config to be read. The region matters only to AWS's own names."""
        # STS is the service that is asked first.
        return SANDBOX if self.settings.sandbox else endpoint_name(self.clients.standard.endpoint("sts", region))

    @cached_property
    def dns(self) -> Dns:
        """What asks DNS: --resolver, else the sandbox's name server, else the system's resolvers. Raises SbctlError."""
        from sbctl.probes.dns import Dns  # a tenth of a second that most commands need not pay
        from sbctl.probes.name_server import NameServer

        try:
            return Dns(NameServer.of(self.resolver) if self.resolver else None, slack=self.slack)
        except ValueError as error:
            raise SbctlError(_bad_resolver(error)) from error

    @property
    def resolver(self) -> str:
        """The name server that is asked: --resolver, else the sandbox's; "" for the system's."""
        return self.settings.resolver or str(self._called.get("dns", ""))

    @cached_property
    def _called(self) -> Mapping[str, Any]:
        """What the sandbox that is called says of itself: with --sandbox, or by its endpoint; empty when it is none."""
        if self.settings.sandbox:
            return self._sandbox
        called = self.settings.endpoint_url or os.environ.get("AWS_ENDPOINT_URL")
        if not called:
            return {}
        # Outside the project it is found by the kit that the cache has of its state.
        notes = (noted_for(state) for state in (self.sandbox_home, *self.kits.states()))
        return next((note for note in notes if note.get("endpoint") == called.rstrip("/")), {})

    @cached_property
    def http(self) -> Http:
        """What asks endpoints: over TLS, or through the endpoint that stands in for AWS, as boto3 would find it."""
        from sbctl.probes.http import Http

        found = self.endpoint or os.environ.get("AWS_ENDPOINT_URL_LAMBDA") or os.environ.get("AWS_ENDPOINT_URL")
        if found and (fault := endpoint_fault(found)):
            raise SbctlError(_bad_endpoint(fault))
        return Http(through=found or None, slack=self.slack)

    def download(self, url: str, most: int) -> bytes:
        """A file from an address that AWS signed, at most so many bytes. Raises NotFetched."""
        from sbctl.probes.download import download

        return download(url, most, through=self.http.through)

    @cached_property
    def flow_tests(self) -> FlowTestCache:
        """The last results of flow tests."""
        from sbctl.store.flow_tests import FlowTestCache

        return FlowTestCache(self.state, self.disk)

    @cached_property
    def readings(self) -> ReadingCache:
        """What checks measured last."""
        from sbctl.store.readings import ReadingCache

        return ReadingCache(self.state / "readings.json", self.disk, self.note)

    @cached_property
    def session(self) -> Session:
        return self.session_of(self.loaded, self.endpoint_name)

    def session_of(self, loaded: Loaded, endpoint: str) -> Session:
        """A run against a project as it was loaded."""
        from sbctl.engine.session import Session

        return Session(
            kinds=self.kinds,
            project=loaded.project,
            desired=tuple(loaded.desired),
            digest=loaded.digest,
            reads=self.clients.standard.read_only,
            calls=self.clients.standard.calls,
            store=self.store,
            clock=self.waiting,
            listen=self.listen,
            stop=self.stop,
            endpoint=endpoint,
            make_executor=self.make_executor,
        )


def say(line: str) -> None:
    """A line on stderr, for whoever keeps it. Nobody is helped by a crash where stderr is gone."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def _bad_endpoint(fault: str) -> Problem:
    return Problem(
        code="aws-settings",
        summary="Nothing could be asked of AWS",
        detail=fault,
        at="--endpoint-url",
        fix="Correct --endpoint-url, or the variables AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_LAMBDA.",
        exit=Exit.USAGE,
    )


def _bad_resolver(error: ValueError) -> Problem:
    return Problem(
        code="bad-resolver",
        summary="The resolver is not a DNS server's address",
        detail=str(error),
        at="--resolver",
        fix="Give HOST or HOST:PORT, such as 127.0.0.1:53.",
        exit=Exit.USAGE,
    )
