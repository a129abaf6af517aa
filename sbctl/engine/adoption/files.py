"""The files of a project that is taken over, as texts: config, rules, flows, audio."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sbctl.engine.adoption.said import Worded

SECTIONS = (
    "instances", "hours", "queues", "routingProfiles", "flows", "modules", "prompts", "lambdas", "tables", "buckets",
    "storage", "alarms", "dashboards",
)  # fmt: skip
"""Every section stands in the file: one that is missing would get sbctl's own defaults. Flows and modules: their files."""
FROM_FILES = frozenset({"flows", "modules"})


def files(head: Mapping[str, Any], said: Worded, rules: str) -> dict[str, bytes]:
    """Path in the project → content, the config last: a project is one only with it."""
    sections = {name: said.sections.get(name, []) for name in SECTIONS if name not in FROM_FILES}
    found = {path: _bytes(content) for path, content in sorted(said.files.items())}
    found["config/failover-rules.json"] = rules.encode()
    found["config/regions.json"] = _bytes({**head, **sections})
    return found


def _bytes(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
