"""What is known around a flow that is linted: the project's other flows, its modules, functions and regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Around:
    """The surroundings of a flow. All is empty for a file outside a project: what is not known is not said."""

    flows: Mapping[str, str] = field(default_factory=dict)
    """The project's flows: name → type."""
    modules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The project's modules: name → settings."""
    attributes: frozenset[str] = frozenset()
    """Names of contact attributes that are set elsewhere."""
    functions: frozenset[str] = frozenset()
    """The project's Lambda functions."""
    several_regions: bool = False
    """The project has Connect in more than one region, so an id of one of them cannot serve the others."""
