"""Publish an earlier content in one region, and look whether it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.kinds.resource import Kind
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.state import Record
from sbctl.engine.rollback.look import Site


@dataclass(frozen=True)
class Restored:
    """What became of one region. `version` is the region's own number of what it has now, 0 where the state kept it.

    `untouched`: it failed, and nothing was published for certain.
    """

    region: str
    outcome: Literal["done", "already", "failed"]
    version: int = 0
    problems: tuple[Problem, ...] = ()
    untouched: bool = False


def restore(kind: Kind[Any, Any], aws: AwsCalls, site: Site, value: Any, version: int) -> Restored:
    """Make `value` the published one of a region. What AWS refuses, or does not answer, is a problem of this region alone."""
    field = kind.versioned
    if kind.same(field, value, getattr(site.live.spec, field)):
        return Restored(site.region, "already", version)
    wanted = site.live.spec.model_copy(update={field: value})
    try:
        _publish(kind, aws, site, wanted)
    except AwsError as error:
        return Restored(site.region, "failed", problems=(from_aws(error, at=site.record.address),), untouched=True)
    except SbctlError as error:
        return Restored(site.region, "failed", problems=tuple(error.problems))
    try:
        now = kind.read(aws, site.region, site.live.ids)
    except AwsError as error:
        return Restored(site.region, "failed", problems=(from_aws(error, at=site.record.address),))
    if now is None or not kind.same(field, value, getattr(now.spec, field)):
        return Restored(site.region, "failed", problems=(_not_there(site),))
    return Restored(site.region, "done", version)


def _publish(kind: Kind[Any, Any], aws: AwsCalls, site: Site, wanted: Any) -> None:
    try:
        kind.update(aws, site.region, site.live.ids, site.live.spec, wanted, {})
    except AwsError as error:
        if not error.in_doubt:  # what may have taken effect is looked for
            raise


def marked(kind: Kind[Any, Any], record: Record, value: Any, said: dict[str, str]) -> Record:
    """The record that knows of the rollback; of none where the region has again what was deployed last."""
    deployed = record.applied.get(kind.versioned)
    back = deployed is not None and kind.same(kind.versioned, value, deployed)
    return record.model_copy(update={"rolled_back": {} if back else said})


def _not_there(site: Site) -> Problem:
    return Problem(
        code="not-rolled-back",
        summary="AWS took the earlier content and shows another",
        detail="the published content is not the one that was sent; somebody else may have published in between",
        at=site.record.address,
        fix="Run the same command again.",
        exit=Exit.PARTIAL,
    )
