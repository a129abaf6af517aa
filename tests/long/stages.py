"""The stages, as values: what each runs for a share, and how much of the whole that is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.long.figures import Figures, read_figures, read_junit

INPUTS, LEAST_INPUTS = 10_000, 60
REQUESTS, LEAST_REQUESTS = 10_000, 300
LIVES, LEAST_LIVES = 100, 2
"""Hypothesis begins with the simplest project, so one life alone would be no random one."""
HAMMER_SECONDS, LEAST_HAMMER_SECONDS = 60.0, 5.0
PAGES, INSTANTS = "tests/typed", "tests/instants"


@dataclass(frozen=True)
class Task:
    """What a stage runs. `share` is the part of the whole, which may be more than was asked for: each stage has a least."""

    command: tuple[str, ...]
    share: float


@dataclass(frozen=True)
class Stage:
    """`busy` says what it does all the while. `task` makes the command of (share, seed); `figures` is the option that it is told
    its file by.
    """

    name: str
    busy: str
    task: Callable[[float, int], Task]
    figures: str = "--figures"
    read: Callable[[Path], Figures] = read_figures


def python(*words: object) -> tuple[str, ...]:
    return (sys.executable, *map(str, words))


def fuzz(share: float, seed: int) -> Task:
    inputs = max(LEAST_INPUTS, round(INPUTS * share))
    return Task(python("-m", "tests.fuzz", "--inputs", inputs, "--seed", seed), inputs / INPUTS)


def wire(share: float, seed: int) -> Task:
    requests = max(LEAST_REQUESTS, round(REQUESTS * share))
    return Task(python("-m", "tests.fuzz.wire", "--requests", requests, "--seed", seed), requests / REQUESTS)


def lives(share: float, seed: int) -> Task:
    count = max(LEAST_LIVES, round(LIVES * share))
    return Task(python("-m", "tests.fuzz.random_lives", "--lives", count, "--seed", seed), count / LIVES)


def hammer(share: float, seed: int) -> Task:
    seconds = max(LEAST_HAMMER_SECONDS, HAMMER_SECONDS * share)
    words = ("bench/hammer.py", "--seconds", f"{seconds:g}", "--seed", seed)
    return Task(python(*words), seconds / HAMMER_SECONDS)


def long_tests(share: float, seed: int) -> Task:
    apart = ("--ignore", PAGES, "--ignore", INSTANTS)
    return Task(
        python("-m", "pytest", "-q", "-n", 2, "--dist", "worksteal", *sampled(share, seed), *apart, "tests"), share
    )


def pages(share: float, seed: int) -> Task:
    """README.md always, since each of its tests has a file of its own; of the how-tos the share."""
    return Task(python("-m", "pytest", "-q", "-n", 2, "--dist", "worksteal", *sampled(share, seed), PAGES), share)


def instants(share: float, seed: int) -> Task:
    """Other instants for every seed."""
    return Task(python("-m", "pytest", "-q", "-n", 2, "--dist", "worksteal", *sampled(share, seed), INSTANTS), share)


def sampled(share: float, seed: int) -> tuple[str | int, ...]:
    """pytest's options for a share of the long tests."""
    return (
        "-m",
        "long",
        "--share",
        f"{share:g}",
        "--share-seed",
        seed,
        f"--randomly-seed={seed}",
        f"--hypothesis-seed={seed}",
    )


def sweep(operation: str, least: float, share: float, seed: int) -> Task:
    """The whole: every fault at every point of the project with one of each kind. Less: a part of the points of the small project,
    each with one of the faults that it can meet. Those of the large one take minutes to be reached alone.
    """
    words = ("-m", "tests.sweeps", "--operation", operation, "--seed", seed)
    if share >= 1:
        return Task(python(*words, "--project", "full"), 1.0)
    part = max(share, least)
    return Task(python(*words, "--turns", "--share", f"{part:g}"), part)


def swept(operation: str, least: float) -> Stage:
    busy = f"{operation} is broken at a point, run again and compared with an undisturbed run, two points at a time"
    return Stage(f"sweep-{operation}", busy, partial(sweep, operation, least))


STAGES: Sequence[Stage] = (
    Stage("hammer", "fifty threads ask every service of one sandbox at once", hammer),
    Stage("wire", "each random request is answered by one sandbox, as AWS would", wire),
    Stage("random-lives", "each random project is deployed, changed, deployed and destroyed on a sandbox", lives),
    Stage("fuzz", "each damaged file is read by a real command", fuzz),
    swept("deploy", 0.003),
    swept("update", 0.006),
    swept("destroy", 0.006),
    swept("adopt", 0.002),
    swept("adopt-instance", 0.005),
    swept("failover", 0.05),
    swept("planned-failover", 0.01),
    swept("supersede", 0.05),
    swept("failback", 0.01),
    swept("abort", 0.1),
    Stage(
        "instants",
        "what moves traffic gets a signal at any instant, and is gone on with",
        instants,
        "--junitxml",
        read_junit,
    ),
    Stage("pages", "README and how-tos are typed in fresh clones, block by block", pages, "--junitxml", read_junit),
    Stage("long-tests", "tests with the marker long, at real speed", long_tests, "--junitxml", read_junit),
)
"""The least of a sweep is what gives a few broken runs: operations differ in how many points they have."""
