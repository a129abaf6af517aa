"""All generators of calls, and what is kept of them second by second."""

from __future__ import annotations

from sbctl.sandbox.connect.contacts.callers.generator import Generator, Plan
from sbctl.sandbox.connect.contacts.callers.seconds import Seconds
from sbctl.sandbox.connect.contacts.live.calling import Calling
from sbctl.sandbox.connect.contacts.live.ground import Ground
from sbctl.sandbox.time.scheduler import Entry


class CallersBoard:
    """Starts and stops generators. Used under Connect's lock."""

    def __init__(self, ground: Ground, calling: Calling) -> None:
        self._ground = ground
        self._calling = calling
        self.seconds = Seconds()
        self.generators: dict[str, Generator] = {}
        self._sampler: Entry | None = None

    def start(self, plan: Plan) -> Generator:
        """Let calls begin."""
        named = f"c{len(self.generators) + 1}"
        made = Generator(named, self._ground, self._calling, self.seconds, plan, self._ground.now(), self._watch)
        self.generators[named] = made
        made.begin()
        return made

    def _watch(self) -> None:
        if self._sampler is None:
            self._sampler = self._ground.after(1.0, self._sample)

    def _sample(self) -> None:
        """Note how many wait, once a second, as long as there are calls."""
        now = self._ground.now()
        for one in self.generators.values():
            for region in {caller.region for caller in one.in_progress.values()}:
                waiting = one.waiting(region)
                if waiting:
                    self.seconds.waiting(one.id, now - 1e-3, region, waiting)
        going = any(one.state == "running" or one.in_progress for one in self.generators.values())
        self._sampler = self._ground.after(1.0, self._sample) if going else None
