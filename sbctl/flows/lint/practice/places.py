"""Rules about ids and ARNs of one region, wherever they stand: in another region they name nothing.

https://docs.aws.amazon.com/connect/latest/adminguide/migrate-contact-flows.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from sbctl.files.positions import JsonPath
from sbctl.flows.language.facts import actions
from sbctl.flows.language.graph import Block
from sbctl.flows.lint.practice.subject import Seen, Subject, seen
from sbctl.flows.names.placeholders import KINDS

REGION = (
    r"(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov|-isof?|-isob|-isoe)?"
    r"-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-\d"
)
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ARN = re.compile(rf"arn:aws[\w-]*:([\w-]+):({REGION}):([^:\s]*):([^\s\"'<>]*)")
_INSTANCE_ARN = re.compile(
    rf"arn:aws[\w-]*:connect:([^:\s]*):([^:\s]*):instance/({UUID})(/[^\s\"'<>]*)?", re.IGNORECASE
)
SHORTEST_ID = 36
_BARE = re.compile(rf"{UUID}(?::[$\w-]+)?", re.IGNORECASE)
_REGION = re.compile(rf"\b{REGION}\b")
_ONE_REGION = re.compile(REGION)
RESOURCES = {
    "queue": "queue",
    "contact-flow": "flow",
    "flow-module": "module",
    "operating-hours": "hours",
    "prompt": "prompt",
}
"""Part of a Connect ARN → kind of placeholder."""
ELSEWHERE = "Read it from an attribute, since the id differs by region."
Level = Literal["error", "warning"]


def region_arn(subject: Subject) -> Iterator[Seen]:
    """An ARN, a bot or a bucket of one region. (migrate-contact-flows)"""
    level: Level = "error" if subject.around.several_regions else "warning"
    for block, path, text in subject.texts:
        for arn in _ARN.finditer(text) if "arn:" in text else ():
            if arn[3] != "aws":  # AWS's own views are in every region
                said = f"{_short(arn[0])} is in {arn[2]} only"
                fix = _remedy(arn[1], arn[2], arn[4], subject.around.functions)
                yield seen(block, path, said, fix, level)
        region = _named_region(path, text) if path[-1] in ("Region", "Uri") else ""
        if region:
            yield seen(block, path, f"{_short(text)} names the region {region}", "Write ${region} in its place.", level)


def _named_region(path: JsonPath, text: str) -> str:
    """The region of a Lex bot, or of the bucket that an audio file is in."""
    if path[-2:] == ("LexBot", "Region") and _ONE_REGION.fullmatch(text):
        return text
    if path[-1] == "Uri" and not text.startswith("arn:"):
        found = _REGION.search(text)
        return found[0] if found else ""
    return ""


def _remedy(service: str, region: str, resource: str, functions: frozenset[str] | None) -> str:
    """What to write in place of an ARN."""
    in_place = f"Write ${{region}} or $.AwsRegion in place of {region}"
    if service == "lambda" and resource.startswith("function:"):
        name = resource.split(":")[1]
        if functions is None:
            return f"Write ${{lambda:{name or 'NAME'}}} for a function of the project, else $.AwsRegion in place of {region}."
        return f"Write ${{lambda:{name}}}." if name in functions else f"{in_place}."
    if service == "connect" and _named(resource):
        return _named(resource)
    return f"{in_place}, or read it from an attribute where the id differs too."


def _named(resource: str) -> str:
    """The placeholder that stands for a resource of Connect, by the last parts of its ARN; "" where none does."""
    kind = next((kind for part, kind in RESOURCES.items() if f"/{part}/" in f"/{resource}"), "")
    return f"Write ${{{kind}:NAME}}." if kind else ""


def instance_arn(subject: Subject) -> Iterator[Seen]:
    """An ARN of one Connect instance without its region, or of another instance or account than others here."""
    level: Level = "error" if subject.around.several_regions else "warning"
    owner: tuple[str, str] | None = None
    for block, path, text in subject.texts:
        for arn in _INSTANCE_ARN.finditer(text) if ":instance/" in text else ():
            region, account, instance, resource = arn[1], arn[2], arn[3].lower(), arn[4] or ""
            owner = owner or (account, instance)
            if not _ONE_REGION.fullmatch(region):
                said = f"{_short(arn[0])} is of one instance, which serves one region"
                yield seen(block, path, said, _named(resource) or ELSEWHERE, level)
            elif (account, instance) != owner:
                said = f"{_short(arn[0])} is of another instance than {owner[1]} in this flow"
                yield seen(block, path, said, _named(resource) or ELSEWHERE, "warning")


def id_bare(subject: Subject) -> Iterator[Seen]:
    """An id of one instance, as a UUID without its ARN. (migrate-contact-flows)

    Certain where the language wants an id: of what a placeholder stands for, or of a user or a view. Elsewhere it may be any UUID.
    """
    for block, path, text in subject.texts:
        if len(text) < SHORTEST_ID or not _BARE.fullmatch(text.strip()):
            continue
        kind = _kind(block, path)
        level: Level = "error" if kind and subject.around.several_regions else "warning"
        if kind:
            said = f"the {kind} {text} is of one instance, which serves one region"
            fix = f"Write ${{{kind}:NAME}}." if kind in KINDS else ELSEWHERE
        else:
            said = f"{text} may be an id of one instance, which serves one region"
            fix = "Read it from an attribute if it differs by region, else ignore this rule here."
        yield seen(block, path, said, fix, level)


def _kind(block: Block, path: JsonPath) -> str:
    """Of what an id is that stands here; "" where the language wants none."""
    facts = actions().get(block.type)
    if facts is None or path[2:3] != ("Parameters",):
        return ""
    names = [str(part) for part in path[3:] if isinstance(part, str)]
    for written, kind in facts.references.items():
        parts = written.replace("[]", "").split(".")
        if len(parts) == len(names) and all(part in ("*", name) for part, name in zip(parts, names, strict=True)):
            return kind
    return ""


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:97]}..."
