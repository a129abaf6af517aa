"""Starts a project: writes config, flows and functions that deploy as they are, with the user's account, domain and regions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project_files import CONFIG_FOLDER, REGIONS_FILE
from sbctl.desired.config.region_table import CONNECT, REGIONS

SOURCE = Path(__file__).parent.parent / "starter"
FOLDERS = ("config", "flows", "lambdas")
ACCOUNT = re.compile(r"\d{12}")
PROJECT = re.compile(r"[a-z][a-z0-9-]{0,29}")
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
IGNORED = ".gitignore"
NOT_COMMITTED = "state/\nbuild/\n__pycache__/\n"
"""What belongs to no repository: the state names accounts and ids, and is shared through S3, not through git."""
HEAD = {"project": "enterprise", "account": "123456789012", "domain": "example.com"}
"""How the starter's own values stand in its regions.json."""


@dataclass(frozen=True)
class StarterOptions:
    """What the new project is called and where it lives. The first region is the primary."""

    project: str
    account: str
    domain: str
    regions: tuple[str, ...]


def start(folder: Path, wishes: StarterOptions) -> list[Path]:
    """Write the project into a folder; the files written. Raises SbctlError with all that is wrong, before anything is written."""
    files = {folder / name: text for name, text in _files()}
    if not (folder / IGNORED).exists():
        files[folder / IGNORED] = NOT_COMMITTED
    problems = [*_wrong(wishes), *_in_the_way(files)]
    if problems:
        raise SbctlError(*problems)
    config = folder / CONFIG_FOLDER / REGIONS_FILE
    files[config] = _headed(files[config], wishes)
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SbctlError(_cannot_write(folder, error)) from error
    return sorted(files)


def _files() -> Iterator[tuple[str, str]]:
    """The starter's files by their path in a project."""
    for name in FOLDERS:
        # the folder itself may be a link, in a working copy of sbctl
        root = (SOURCE / name).resolve()
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{name}/{path.relative_to(root).as_posix()}", path.read_text(encoding="utf-8")


def _headed(text: str, wishes: StarterOptions) -> str:
    """regions.json with the user's own head; the rest as it is, so that its layout stays readable."""
    for name, value in HEAD.items():
        text = text.replace(f'"{name}": "{value}"', f'"{name}": {json.dumps(getattr(wishes, name))}', 1)
    rows = [_region(code, place) for place, code in enumerate(wishes.regions, 1)]
    listed = "[\n" + ",\n".join(f"    {row}" for row in rows) + "\n  ]"
    return re.sub(r'(?<="regions": )\[.*?\n  \]', lambda _: listed, text, count=1, flags=re.S)


def region_name(code: str) -> str:
    """A region's name for people: `US-East-1`."""
    return "-".join(part.upper() if len(part) == 2 else part.capitalize() for part in code.split("-"))


def rules_text() -> str:
    """The failover-rules.json to begin with, without the address of a schema that a project may not have."""
    rules = json.loads((SOURCE / "config" / "failover-rules.json").read_text(encoding="utf-8"))
    rules.pop("$schema", None)
    return json.dumps(rules, indent=2) + "\n"


def _region(code: str, place: int) -> str:
    row = {"name": region_name(code), "region": code, "isPrimary": place == 1, "priority": place}
    if code not in CONNECT:
        row["connect"] = False
    return "{ " + json.dumps(row)[1:-1] + " }"


def _wrong(wishes: StarterOptions) -> Iterator[Problem]:
    if not ACCOUNT.fullmatch(wishes.account):
        yield _bad("--account", f"{wishes.account!r} is no account id", "Twelve digits: aws sts get-caller-identity")
    if not PROJECT.fullmatch(wishes.project):
        yield _bad("--project", f"{wishes.project!r} is no project name", "Lower case letters, digits and dashes.")
    if not DOMAIN.fullmatch(wishes.domain):
        yield _bad("--domain", f"{wishes.domain!r} is no domain name", "The domain of a hosted zone, as example.com.")
    for code in wishes.regions:
        if code not in REGIONS:
            yield _bad("--region", f"{code!r} is no AWS region", "sbctl init --region us-east-1 --region us-west-2")
    if len(set(wishes.regions)) != len(wishes.regions):
        yield _bad("--region", "a region is named twice", "Name each region once, the primary first.")
    if wishes.regions and wishes.regions[0] in REGIONS and wishes.regions[0] not in CONNECT:
        yield _bad("--region", f"{wishes.regions[0]} does not offer Amazon Connect", "Name a region first that does.")


def _in_the_way(files: Sequence[Path] | dict[Path, str]) -> Iterator[Problem]:
    for path in files:
        if path.exists():
            yield Problem(
                code="in-the-way",
                summary="A file is there already, and init overwrites nothing",
                at=str(path),
                fix="Choose an empty folder: sbctl init DIR",
                exit=Exit.REFUSED,
            )


def _bad(at: str, detail: str, fix: str) -> Problem:
    return Problem(code="bad-option", summary="An option is wrong", detail=detail, at=at, fix=fix, exit=Exit.USAGE)


def _cannot_write(folder: Path, error: OSError) -> Problem:
    return Problem(
        code="cannot-write",
        summary="The project cannot be written",
        detail=str(error),
        at=str(folder),
        fix="Check the folder's permissions and the space on the disk.",
    )
