"""From --region options to the scope of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.text.alike import did_you_mean
from sbctl.engine.planning.planner import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sbctl.core.project import Project


def scope_of(project: Project, regions: Sequence[str], kinds: Sequence[str] = ()) -> Scope:
    """The scope that the options name. Raises SbctlError for regions that the config does not have."""
    chosen = frozenset(kinds) or None
    if not regions or "all" in regions:
        return Scope(kinds=chosen)
    known = [region.region for region in project.regions]
    unknown = [name for name in regions if name not in known]
    if unknown:
        raise SbctlError(*[_unknown(name, known, "--region") for name in unknown])
    return Scope(regions=frozenset(regions), kinds=chosen)


def known_region(project: Project, name: str, option: str) -> str:
    """The region that an option names. Raises SbctlError when the config does not have it."""
    known = [region.region for region in project.regions]
    if name not in known:
        raise SbctlError(_unknown(name, known, option))
    return name


def _unknown(name: str, known: list[str], option: str) -> Problem:
    return Problem(
        code="unknown-region",
        summary="The config has no such region",
        detail=f"{option if option.endswith(name) else f'{option} {name}'}; the config has {', '.join(known)}",
        at=option,
        fix=did_you_mean(name, known, "Choose one of them."),
        exit=Exit.USAGE,
    )
