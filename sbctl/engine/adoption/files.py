"""The files of a project that is taken over, as texts: config, rules, flows, audio."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sbctl.engine.adoption.result import Worded
from sbctl.engine.adoption.ways import FOLDERS, all_of, sections
from sbctl.engine.planning.targets import Kinds


def files(kinds: Kinds, head: Mapping[str, Any], said: Worded, rules: str) -> dict[str, bytes]:
    """Path in the project → content, the config last: a project is one only with it.

    Every section stands in the file: one that is missing would get sbctl's own defaults. Flows and modules have files, and a
    section where one of them has more to say.
    """
    from_files = {kinds[name].section for name in all_of(kinds, *FOLDERS)}
    listed = {
        name: said.sections.get(name, []) for name in sections(kinds) if name in said.sections or name not in from_files
    }
    found = {path: _bytes(content) for path, content in sorted(said.files.items())}
    found["config/failover-rules.json"] = rules.encode()
    found["config/regions.json"] = _bytes({**head, **listed})
    return found


def _bytes(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
