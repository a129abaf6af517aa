"""What is known around a flow when it is linted: the project's other flows and modules, and what its reader could tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Around:
    """What else is known. None: nothing is known of it, as of a file outside a project."""

    flows: Mapping[str, str] | None = None
    """The names of the project's flows, with their types."""
    modules: Mapping[str, Mapping[str, Any]] | None = None
    """The names of the project's modules, with their settings."""
    functions: frozenset[str] | None = None
    """The names of the project's Lambda functions."""
    attributes: frozenset[str] | None = None
    """The names of contact attributes that other flows and modules of the project set."""
    several_regions: bool = False
    """Whether the project has Connect in several regions, so that an id of one of them cannot serve the others."""
    same_ids: bool = False
    """Whether those regions have one replicated instance, whose resources have the same ids in each."""
    type_is_known: bool = True
    """Whether the flow's type is stated, and not guessed: rules for types are warnings otherwise."""
    is_draft: bool = False
    """Whether the content is a draft, which Amazon Connect stores without a check."""
    has_placeholders: bool = True
    """Whether `${…}` is sbctl's placeholder in this file, as in a project, and not text, as in an export."""


NOTHING = Around()
