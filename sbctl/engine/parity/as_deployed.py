"""The resources as they were last deployed, whatever the config says by now: what a failover compares regions by.

An edit of the config that is not deployed yet makes no region worse than another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.spec import Desired
from sbctl.core.state import State
from sbctl.engine.planning.targets import Kinds
from sbctl.engine.session import Session


def as_deployed(session: Session) -> Session:
    """The same session, in which each resource is wanted as it was last applied. Raises SbctlError where no state is.

    What was never applied is left out: it stands in no region.
    """
    return replace(session, desired=tuple(_deployed(session.kinds, session.desired, session.known())))


def _deployed(kinds: Kinds, desired: Iterable[Desired], state: State) -> Iterator[Desired]:
    for item in desired:
        record = state.get(item.address)
        if record is not None and record.applied:
            yield _of_spec(item, kinds[item.address.kind], dict(record.applied))


def _of_spec(item: Desired, kind: Kind[Any, Any], applied: dict[str, Any]) -> Desired:
    try:
        return replace(item, spec=kind.spec.model_validate(applied))
    except ValidationError:  # applied by a version whose fields were others
        return item
