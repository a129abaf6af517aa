"""Many trials drawn by hypothesis from one seed, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, fields

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.nasty import damages
from tests.fuzz.project import Bench
from tests.fuzz.targets import TARGETS
from tests.fuzz.trial import Trial, tried
from tests.fuzz.writes import Writes

SOMETIMES = (*(False,) * 150, True)


TOLD_EVERY = 500


@dataclass
class Tally:
    """How many there were of each sort. `broken` counts broken promises by what was broken, the same way once."""

    count: int = 0
    files: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    commands: Counter[str] = field(default_factory=Counter)
    exits: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Tally) -> Tally:
        pairs = ((getattr(self, one.name), getattr(other, one.name)) for one in fields(Tally))
        return Tally(*(ours + theirs for ours, theirs in pairs))

    def add(self, trial: Trial, code: int) -> None:
        self.count += 1
        self.files[trial.target.file] += 1
        self.kinds.update(damage.kind for damage in trial.damages)
        self.commands[" ".join(trial.command[:2])] += 1
        self.exits[str(code)] += 1


@st.composite
def trials(draw: st.DrawFn, only: str = "") -> Trial:
    """A trial on any target. Commands that ask the sandbox are taken now and then, since they take seconds."""
    weighted = [one for one in TARGETS if one.file.startswith(only) for _ in range(one.weight)]
    target = draw(st.sampled_from(weighted))
    slow = target.slow and draw(st.sampled_from(SOMETIMES))
    command = draw(st.sampled_from(target.slow if slow else target.commands))
    several = [draw(damages()) for _ in range(draw(st.sampled_from((1, 1, 1, 2, 3))))]
    return Trial(target, tuple(several), command, draw(st.sampled_from(("human", "json"))))


def campaign(on: Bench, writes: Writes, number: int, inputs: int, say: Callable[[str], None], only: str = "") -> Tally:
    """Do so many trials; each that breaks a promise in a new way is told at once, and the others go on."""
    tally = Tally()

    @seed(number)
    @settings(
        max_examples=inputs,
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(trials(only))
    def all_of_them(trial: Trial) -> None:
        outcome = tried(on, trial, writes)
        tally.add(trial, outcome.exit)
        if tally.count % TOLD_EVERY == 0:
            say(f"{tally.count} done")
        for fault in outcome.faults:
            sort = _sort(fault)
            if not tally.broken[sort]:
                say(f"BROKEN by {trial}\n{fault}\n")
            tally.broken[sort] += 1

    all_of_them()
    return tally


def _sort(fault: str) -> str:
    """What kind of fault it is: of a traceback the last place in sbctl and the type, else the beginning."""
    if "Traceback" not in fault:
        return fault.split(":")[0] + fault[:60]
    lines = fault.rstrip().splitlines()
    places = [line.strip() for line in lines if "/sbctl/" in line and "line" in line]
    last = next((line for line in reversed(lines) if line and not line.startswith(" ")), "")
    return f"{places[-1] if places else ''} {last[:40]}"
