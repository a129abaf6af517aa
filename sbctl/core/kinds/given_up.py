"""Fields that sbctl applied and the config no longer says: kinds ask here before they take them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.core.kinds.spec import Spec
from sbctl.core.kinds.values import plain


def given_up(field: str, live: Spec, wanted: Spec, owned: Mapping[str, Any]) -> bool:
    """Whether AWS still has what sbctl last applied (`owned`) of a field of which the config says nothing now."""
    before = owned.get(field)
    return getattr(wanted, field) is None and before is not None and plain(live).get(field) == before
