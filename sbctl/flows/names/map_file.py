"""The file of --map: what stands in documents for ids and ARNs that nothing else names. A JSON object, id or ARN → text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.text.strict_json import read_value
from sbctl.files.links import why_unread
from sbctl.files.positions import walk
from sbctl.files.regular import NotUtf8, read_text
from sbctl.flows.names.placeholders import BY_ID, KINDS, PATTERN, REGION_WORDS, placeholder, plain_name

TO_FILL = ""
"""The value of an entry that is still to be written."""


def read_map(path: Path | None) -> Mapping[str, str]:
    """The table; empty without a file. Raises SbctlError with everything that is wrong with it."""
    if path is None:
        return {}
    try:
        text = read_text(path)
        tree = read_value(text)
    except json.JSONDecodeError as error:
        raise SbctlError(_problem(f"{path}:{error.lineno}", error.msg, "Correct the JSON.")) from error
    except NotUtf8 as error:
        raise SbctlError(_problem(f"{path}:{error.line}", str(error), "Save it as UTF-8.")) from error
    except OSError as error:
        raise SbctlError(_problem(str(path), why_unread(path, error), "Name a readable file.")) from error
    except ValueError as error:
        raise SbctlError(_problem(str(path), str(error), "Correct the JSON.")) from error
    if not isinstance(tree, dict):
        raise SbctlError(_problem(str(path), "it is no JSON object", 'Write {"ARN or id": "${queue:NAME}"}.'))
    offsets = walk(text).offsets
    lines = {key: text.count("\n", 0, offsets.get((key,), 0)) + 1 for key in tree}
    problems = [
        _problem(f"{path}:{lines[key]}", f"{key}: {detail}", fix)
        for key, value in tree.items()
        for detail, fix in _wrong(value)
    ]
    if problems:
        raise SbctlError(*problems)
    return {str(key): str(value) for key, value in tree.items()}


def skeleton(values: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The entries to fill of a map: (id or ARN, what it is of) → a placeholder without its name, or nothing."""
    return {value: placeholder(kind, "NAME") if kind in KINDS else TO_FILL for value, kind in values}


def _wrong(value: object) -> Iterable[tuple[str, str]]:
    if not isinstance(value, str) or value == TO_FILL:
        yield "it stands for nothing yet", "Write a placeholder such as ${queue:NAME}, or the text to put there."
        return
    for found in PATTERN.finditer(value):
        word, name = found.group(1), plain_name(found.group(2) or "")
        kind = BY_ID.get(word, word)
        if kind not in KINDS and kind not in REGION_WORDS:
            known = ", ".join([*(f"${{{word}:NAME}}" for word in KINDS), *(f"${{{word}}}" for word in REGION_WORDS)])
            yield f"${{{kind}}} is not a placeholder", f"Use one of {known}."
        elif kind in KINDS and not name:
            yield f"${{{word}}} names nothing", f"Write ${{{word}:NAME}}."


def _problem(at: str, detail: str, fix: str) -> Problem:
    return Problem(code="bad-map", summary="The map cannot be used", detail=detail, at=at, fix=fix, exit=Exit.USAGE)
