"""The journals of runs as objects beside a shared state: an object a run, `runs/RUN.run`, written on condition.

What was read is kept on this machine too, with each object's tag: only what has changed is read again, and where the place
does not answer, this is what is known of the runs of others.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from sbctl.core.executors import MakeExecutor
from sbctl.core.moving.run import Run, merged, same_events
from sbctl.core.problem import Problem, SbctlError
from sbctl.store.files.atomic import DISK, Disk, read_bytes, write_atomic
from sbctl.store.objects import ConflictError, Objects
from sbctl.store.runs.lines import NAME, SUFFIX, lines_of, run_in

RUNS = "runs"
READERS = 8
TRIES = 5


class RunObjects:
    """The runs in one place. `kept` is the folder for what was read. Thread-safe; who asks `known` waits for no answer."""

    def __init__(self, objects: Objects, kept: Path, make_executor: MakeExecutor, disk: Disk = DISK) -> None:
        self._objects = objects
        self._kept = kept / sha256(objects.where.encode()).hexdigest()[:16]
        self._crew = make_executor
        self._disk = disk
        self._tags: dict[str, str] = {}
        self._runs: dict[str, Run] = {}
        self._answered = self._recalled = False
        self._turn = threading.Lock()
        self._guard = threading.Lock()

    @property
    def where(self) -> str:
        return self._objects.where

    def known(self) -> dict[str, Run]:
        """The runs as they were read last, without asking; by id."""
        with self._guard:
            recalled, self._recalled = self._recalled, True
        if not recalled:
            with suppress(OSError):  # a copy of what the place knows
                for path in sorted(self._kept.glob(f"*{SUFFIX}")):
                    self._recall(path)
        with self._guard:
            return dict(self._runs)

    def read(self) -> dict[str, Run]:
        """The runs as they are now. Raises SbctlError when the place does not answer."""
        with self._turn:
            self.known()
            self._read()
            return self.known()

    def write(self, run: Run) -> None:
        """Make the object say all that this run's journal says, and what others have written meanwhile. Raises SbctlError."""
        with self._turn:
            self.known()
            self._write(run)

    def _read(self) -> None:
        listed = {name: tag for name, tag in self._objects.tags(RUNS).items() if NAME.fullmatch(name)}
        changed = [name for name, tag in listed.items() if not tag or self._tags.get(name) != tag]
        if changed:
            with self._crew(min(READERS, len(changed)), "read-runs") as readers:
                try:
                    for future in [readers.submit(self._fetch, name) for name in changed]:
                        future.result()
                finally:
                    readers.shutdown(wait=False, cancel_futures=True)  # where one is silent, no more are asked
        for gone in self._tags.keys() - listed.keys():
            self._forget(gone)
        self._answered = True

    def _write(self, run: Run) -> None:
        name = f"{run.id}{SUFFIX}"
        if not self._answered:
            self._fetch(name)  # one question, by which a silent place is found out
            self._answered = True
        for _ in range(TRIES):
            there = self._runs.get(run.id)
            whole = merged(there, run) if there else run
            if there is not None and same_events(there, whole):
                return
            content = "".join(lines_of(whole.events)).encode()
            try:
                self._keep(name, self._objects.put(f"{RUNS}/{name}", content, self._tags.get(name, "")), content)
                return
            except ConflictError:
                self._fetch(name)
        raise SbctlError(_contended(f"{self.where}/{RUNS}/{name}"))

    def _fetch(self, name: str) -> None:
        blob = self._objects.get(f"{RUNS}/{name}")
        if blob is None:
            self._forget(name)
        else:
            self._keep(name, blob.etag, blob.content)

    def _forget(self, name: str) -> None:
        self._tags.pop(name, None)
        with self._guard:
            self._runs.pop(name.removesuffix(SUFFIX), None)
        with suppress(OSError):
            self._disk.remove(self._kept / name)

    def _keep(self, name: str, tag: str, content: bytes) -> None:
        self._remember(name, tag, content)
        with suppress(SbctlError):  # what is kept only saves questions
            write_atomic(self._kept / name, tag.encode() + b"\n" + content, self._disk)

    def _recall(self, path: Path) -> None:
        with suppress(SbctlError):
            tag, _, content = (read_bytes(path) or b"").partition(b"\n")
            self._remember(path.name, tag.decode(errors="replace"), content)

    def _remember(self, name: str, tag: str, content: bytes) -> None:
        """A damaged object is no run; its tag is remembered, so that whoever knows the run can write it anew."""
        self._tags[name] = tag
        run = run_in(name, content)
        with self._guard:
            if run is None:
                self._runs.pop(name.removesuffix(SUFFIX), None)
            else:
                self._runs[run.id] = run


def _contended(at: str) -> Problem:
    return Problem(
        code="run-contended",
        summary="Another machine writes the run's journal at the same time",
        detail=f"{TRIES} conditional writes failed",
        at=at,
        fix="sbctl history",
    )
