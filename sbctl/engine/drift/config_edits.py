"""Tries changes of a project's files on a copy, one by one: only those with which everything still loads are kept."""

from __future__ import annotations

import codecs
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sbctl.core.problem import SbctlError
from sbctl.desired.config.edit_json import with_value
from sbctl.desired.load import Loaded
from sbctl.engine.drift.amendment import Amendment, Refusal
from sbctl.files.positions import read_json
from sbctl.files.regular import is_hidden, read_regular, unified
from sbctl.store.files.atomic import write_atomic

FLOWS = "flows"
Load = Callable[[Path, Path], Loaded]
"""Loads a project of a config folder and a flows folder; raises SbctlError with everything that is wrong."""


@dataclass
class Amended:
    """What to write, by file, and what cannot be. Nothing is written yet."""

    files: dict[Path, bytes] = field(default_factory=dict)
    done: list[Amendment] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def amended(config: Path, flows: Path, found: Iterable[Amendment | Refusal], load: Load) -> Amended:
    """The files of `config` and `flows` with every change that still loads."""
    result = Amended()
    with tempfile.TemporaryDirectory(prefix="sbctl-accept-") as folder:
        copies = {config: Path(folder) / "config", flows: Path(folder) / FLOWS}
        for source, copy in copies.items():
            shutil.copytree(source, copy, ignore=_passed_over) if source.is_dir() else copy.mkdir()
        for one in found:
            if isinstance(one, Refusal):
                result.refused.append(one)
            else:
                _try(one, copies, result, load)
        if result.done:
            wanted = {str(item.address): item.values for item in load(*copies.values()).desired}
            result.refused = [one for one in result.refused if not _settled(one, wanted)]
    return result


def _settled(one: Refusal, wanted: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the config, as it would be, no longer speaks of the field: another change has settled it."""
    return bool(one.field) and all(wanted.get(address, {}).get(one.field) is None for address in one.addresses)


def write(result: Amended) -> None:
    """Write the files, each as a whole and with the mode that it had. Raises SbctlError when the disk refuses."""
    for path, content in result.files.items():
        mode = path.stat().st_mode
        write_atomic(path, content)
        path.chmod(mode)


def _try(one: Amendment, copies: Mapping[Path, Path], result: Amended, load: Load) -> None:
    config, flows = copies
    home = flows if Path(one.file).is_relative_to(flows) else config
    inside = Path(one.file).relative_to(flows) if home == flows else Path(Path(one.file).name)
    copy = copies[home] / inside
    before = read_regular(copy)
    try:
        copy.write_bytes(_amended(before, one))
        load(copies[config], copies[flows])
    except SbctlError as error:
        copy.write_bytes(before)
        reasons = "; ".join(problem.detail or problem.summary for problem in error.problems)
        result.refused.append(
            Refusal(one.addresses, ".".join(map(str, one.path)), f"the config would be wrong: {reasons}")
        )
        return
    result.files[home / inside] = read_regular(copy)
    result.done.append(one)


def _amended(content: bytes, one: Amendment) -> bytes:
    """The file with a change, and with its byte order mark and the ends of its lines as they were."""
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    text = unified(content.decode("utf-8-sig"))
    for path in (one.path, *one.also):
        text = with_value(text, path, one.value)
    return mark + (text.replace("\n", "\r\n") if b"\r\n" in content else text).encode()


def _passed_over(folder: str, names: list[str]) -> set[str]:
    """What no project is made of, such as a FIFO: a copy of it would wait."""
    paths = {name: Path(folder, name) for name in names}
    return {name for name, path in paths.items() if is_hidden(path) or not (path.is_file() or path.is_dir())}


def place_of(one: Amendment, config: Path) -> str:
    """`file:line` of what changes, as it stands now."""
    path = Path(one.file) if Path(one.file).parent != Path() else config / one.file
    return read_json(path).at(one.path)
