"""Which earlier version is meant, and which of a region's own has the same content: regions count their versions themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.versions import KeptVersion
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.engine.rollback.look import Deployed, Generations, Site

SERIAL = "serial:"
"""Before the number of a generation of the state, in place of a version's."""
LIST = "sbctl flow rollback {} --list"


@dataclass(frozen=True)
class Target:
    """What to bring back: a version of the first region, or what the state had at a serial. `digest` finds it in others."""

    number: int = 0
    serial: int = 0
    digest: str = ""

    def __str__(self) -> str:
        return f"version {self.number}" if self.number else f"serial {self.serial}"

    @property
    def option(self) -> str:
        """The value of --to that means it."""
        return str(self.number) if self.number else f"{SERIAL}{self.serial}"


class Chooser:
    """Chooses for one resource of the name `called`."""

    def __init__(self, kind: Kind[Any, Any], called: str, generations: Generations) -> None:
        self._kind = kind
        self._called = called
        self._generations = generations

    def target(self, first: Site, to: str) -> Target:
        """What `to` names; by default the version before the published one. Raises SbctlError where there is none."""
        if not to:
            return self._before(first)
        if to.startswith(SERIAL):
            deployed = self._at(first, int(to.removeprefix(SERIAL)))
            return Target(serial=deployed.serial, digest=deployed.digest)
        version = next((one for one in first.versions if one.number == int(to)), None)
        if version is None:
            raise SbctlError(self._no_such(first, f"version {to}"))
        return Target(number=version.number, digest=version.digest)

    def value(self, aws: AwsCalls, site: Site, target: Target, *, first: bool) -> Any:
        """The content that a region has for it. Raises SbctlError where it has none, AwsError."""
        version = self.version(site, target, first=first)
        if version is not None:
            found = self._kind.version(aws, site.region, site.live.ids, version.number)
            if found is not None:
                return found
        deployed = next((one for one in self._generations.of(site.record.address) if _is_meant(one, target)), None)
        if deployed is None:
            raise SbctlError(self._no_such(site, str(target)))
        return deployed.value

    def version(self, site: Site, target: Target, *, first: bool) -> KeptVersion | None:
        """The region's own version of it: that of the same number, where it is of the same file, else the newest of that file."""
        alike = [one for one in site.versions if target.digest and one.digest == target.digest]
        same = [one for one in (site.versions if first else alike) if target.number and one.number == target.number]
        return next(iter([*same, *alike]), None)

    def fallback(self, site: Site) -> list[Deployed]:
        """What the state still has of contents that are neither published nor a version, each once, newest first.

        What was taken over has no version, and is what the first change of its file is rolled back to.
        """
        versions = {one.digest for one in site.versions if one.digest}
        generations = self._generations.of(site.record.address)
        known = [self._live(site), *(one.value for one in generations if one.digest in versions)]
        kept: list[Deployed] = []
        for one in generations:
            if not any(self._same(one.value, other) for other in (*known, *(other.value for other in kept))):
                kept.append(one)
        return kept

    def _before(self, first: Site) -> Target:
        own = [one for one in first.versions if one.digest]
        present = next((place for place, one in enumerate(own) if one.present), None)
        if present is not None:
            older = [one for one in own[present + 1 :] if not one.present]
            deployed = None if older else next(iter(self._around(first)[1]), None)
        else:
            later, before = self._around(first)
            deployed = next(iter(before), None)
            wanted = {deployed.digest} if deployed else {one.digest for one in own} - {one.digest for one in later}
            older = [one for one in own if one.digest in wanted]
        if older:
            return Target(number=older[0].number, digest=older[0].digest)
        if deployed is None:
            raise SbctlError(self._nothing(first))
        return Target(serial=deployed.serial, digest=deployed.digest)

    def _around(self, site: Site) -> tuple[list[Deployed], list[Deployed]]:
        """The state's generations of other contents than the published one: since it was deployed, and before.

        All are before where none has it: somebody else published it.
        """
        kept = self._generations.of(site.record.address)
        same = [self._same(one.value, self._live(site)) for one in kept]
        since = same.index(True) if True in same else 0
        return kept[:since], [one for one, alike in zip(kept[since:], same[since:], strict=True) if not alike]

    def _at(self, site: Site, serial: int) -> Deployed:
        found = next((one for one in self._generations.of(site.record.address) if one.serial == serial), None)
        if found is None:
            raise SbctlError(self._no_such(site, f"serial {serial}"))
        return found

    def _live(self, site: Site) -> Any:
        return getattr(site.live.spec, self._kind.versioned)

    def _same(self, one: Any, other: Any) -> bool:
        return self._kind.same(self._kind.versioned, one, other)

    def _no_such(self, site: Site, what: str) -> Problem:
        there = ", ".join(str(one.number) for one in site.versions) or "none"
        return Problem(
            code="no-such-version",
            summary=f"There is no such version of the {self._kind.title}",
            detail=f"{what} in {site.region}; versions there: {there}",
            at=site.record.address,
            fix=LIST.format(self._called),
            exit=Exit.USAGE,
        )

    def _nothing(self, site: Site) -> Problem:
        return Problem(
            code="no-earlier-version",
            summary=f"There is no earlier version of the {self._kind.title}",
            detail=f"neither AWS nor the state keeps an earlier content of {self._called} than the published one",
            at=site.record.address,
            fix="Correct the file, then run sbctl deploy.",
            exit=Exit.USAGE,
        )


def _is_meant(one: Deployed, target: Target) -> bool:
    return one.serial == target.serial if target.serial else bool(target.digest) and one.digest == target.digest
