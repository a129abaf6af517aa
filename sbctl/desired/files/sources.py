"""What stands beside the config: flows and modules as they were read, and the files that items of sections name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from sbctl.core.flow_document import FlowDocument, FlowTestDocument
from sbctl.core.kinds.spec import ConfigItem
from sbctl.core.project import Package, Recording
from sbctl.desired.config.findings import Findings
from sbctl.desired.config.items import ConfigEntry
from sbctl.desired.config.sections import LambdaItem, PromptItem
from sbctl.desired.files.packages import LeadsOutside, PackageTooLarge, pack
from sbctl.desired.files.recordings import NotAudio, OutsideFolder, recording
from sbctl.files.folders import in_place_of
from sbctl.files.positions import JsonPath


@dataclass(frozen=True)
class Sources:
    """The flows, modules and flow tests by name, the folder of functions and that of audio."""

    flows: Mapping[str, FlowDocument]
    modules: Mapping[str, FlowDocument]
    lambdas: Path
    prompts: Path
    tests: Mapping[str, FlowTestDocument] = field(default_factory=dict)


def packages(
    entries: Iterable[ConfigEntry], regions: Sequence[str], sources: Sources, findings: Findings
) -> dict[str, Package]:
    """The package of each function that sbctl deploys in a region; one without sources gets an empty stand-in."""
    found: dict[str, Package] = {}
    for entry in entries:
        if isinstance(entry.item, LambdaItem) and _deployed(entry, regions):
            name = entry.item.name
            made = _package(entry, entry.item, sources.lambdas, findings)
            found[name] = made or Package(name, zip=b"", sha256="", handler=entry.item.handler, source="")
    return found


def _deployed(entry: ConfigEntry, regions: Iterable[str]) -> bool:
    """Whether the function is sbctl's in any region."""
    local = [_in_region(entry, region) for region in regions]
    return not entry.readable or any(isinstance(item, LambdaItem) and item.function is None for item in local)


def _package(entry: ConfigEntry, item: LambdaItem, folder: Path, findings: Findings) -> Package | None:
    path = (*entry.path, "name")
    if in_place_of(folder):
        return None  # which is told of all folders of the project
    try:
        return pack(folder / item.name, item.handler, item.runtime)
    except FileNotFoundError as error:
        missing = Path(str(error.args[0])).as_posix()
        fix = f'Create {missing}, or name one that others made as its "function".'
        findings.add("lambda-missing", path, f"there is no {missing}", fix)
    except LeadsOutside as error:
        findings.add("lambda-outside", path, f"{error} is a link to elsewhere", "Put the file itself there.")
    except PackageTooLarge as error:
        fix = (
            "Remove what the function does not need, move large files to a layer or to S3,"
            ' or deploy it by other means and name it as "function".'
        )
        findings.add("lambda-too-large", path, f"{(folder / item.name).as_posix()} has {error}", fix)
    except (OSError, ValueError) as error:
        fix = "Make everything in the function's folder a readable file, with a name in UTF-8."
        findings.add("lambda-unreadable", path, str(error), fix)
    return None


def recordings(
    entries: Iterable[ConfigEntry], regions: Iterable[str], sources: Sources, findings: Findings
) -> dict[str, Recording]:
    """The audio of prompts that is not in S3 already, by its path in prompts/; what is missing is a problem instead."""
    found: dict[str, Recording] = {}
    wanted = [(entry, region) for entry in entries if isinstance(entry.item, PromptItem) for region in regions]
    for entry, region in wanted:
        item = _in_region(entry, region)
        if not isinstance(item, PromptItem) or item.s3 or item.file_name in found:
            continue
        path = (*entry.path, "overrides", region, "file")
        if not findings.source.has(path):
            path = (*entry.path, "file" if item.file else "name")
        made = _recording(item.file_name, path, sources.prompts, findings)
        if made is not None:
            found[item.file_name] = made
    return found


def _in_region(entry: ConfigEntry, region: str) -> ConfigItem | None:
    """The item as a region has it; None where it has none, or where an override does not fit, which is reported."""
    try:
        return entry.item.in_region(region) if entry.readable else None
    except ValidationError:
        return None


def _recording(name: str, path: JsonPath, folder: Path, findings: Findings) -> Recording | None:
    if in_place_of(folder):
        return None  # as above
    try:
        return recording(folder, name)
    except FileNotFoundError as error:
        missing = Path(str(error.args[0])).as_posix()
        fix = 'Put a .wav file there, name it as "file", or name an object as "s3".'
        findings.add("prompt-missing", path, f"there is no {missing}", fix)
    except OutsideFolder as error:
        findings.add("prompt-outside", path, f"{error} leads out of {folder.as_posix()}", "Put the file itself there.")
    except NotAudio as error:
        findings.add("prompt-not-audio", path, str(error), "Use a .wav file, 8 kHz, of less than 5 minutes.")
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a link round in a circle, before Python 3.13
        findings.add("prompt-unreadable", path, str(error), "Make the file readable.")
    return None
