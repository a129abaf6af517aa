"""Rules about ids and ARNs of one region, wherever they stand: in another region they name nothing.

https://docs.aws.amazon.com/connect/latest/adminguide/migrate-contact-flows.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from sbctl.files.positions import JsonPath
from sbctl.flows.language.facts import actions
from sbctl.flows.language.graph import Block
from sbctl.flows.lint.practice.narrowing import ANOTHER, narrowed
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
_HOST = re.compile(rf"\b({REGION})\.amazonaws\.com")
_ONE_REGION = re.compile(REGION)
RESOURCES = {
    "queue": "queue",
    "contact-flow": "flow",
    "flow-module": "module",
    "operating-hours": "hours",
    "prompt": "prompt",
}
"""Part of a Connect ARN → kind of placeholder."""
ELSEWHERE = "Set it by a Compare of $.AwsRegion, since the id differs by region."
Level = Literal["error", "warning"]


def region_arn(subject: Subject) -> Iterator[Seen]:
    """An ARN, a bot or a bucket of one region. (migrate-contact-flows)"""
    level: Level = "error" if subject.around.several_regions else "warning"
    one_region = _one_region(subject)
    for block, path, text in subject.texts:
        own = one_region.get(block.number)
        for arn in _ARN.finditer(text) if "arn:" in text else ():
            if arn[3] != "aws" and arn[2] != own:  # AWS's own views are in every region
                said = f"{_short(arn[0])} is in {arn[2]} only"
                fix = _remedy(arn[1], arn[2], arn[4], subject.around.functions)
                yield seen(block, path, said, fix, level)
        region = _named_region(path, text)
        if region and region != own:
            yield seen(block, path, f"{_short(text)} names the region {region}", "Write ${region} in its place.", level)


def _one_region(subject: Subject) -> Mapping[int, str]:
    """The blocks where only contacts of one region come, by a Compare of $.AwsRegion: what they name may be of that region."""
    coming = narrowed(subject, "AwsRegion")
    return {number: min(regions) for number, regions in coming.items() if len(regions) == 1 and ANOTHER not in regions}


def _named_region(path: JsonPath, text: str) -> str:
    """The region of a Lex bot, of the bucket that an audio file is in, or of another host of AWS."""
    if path[-2:] == ("LexBot", "Region"):
        return text if _ONE_REGION.fullmatch(text) else ""
    if path[-1] == "Uri" and not text.startswith("arn:"):
        found = _REGION.search(text)
        return found[0] if found else ""
    host = _HOST.search(text) if ".amazonaws.com" in text else None
    return host[1] if host else ""


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
    return f"{in_place}, or set it by a Compare of $.AwsRegion where the id differs too."


def _named(resource: str) -> str:
    """The placeholder that stands for a resource of Connect, by the last parts of its ARN; "" where none does."""
    kind = next((kind for part, kind in RESOURCES.items() if f"/{part}/" in f"/{resource}"), "")
    return f"Write ${{{kind}:NAME}}." if kind else ""


def instance_arn(subject: Subject) -> Iterator[Seen]:
    """An ARN of one Connect instance without its region, or of another instance or account than others here."""
    level: Level = "error" if _are_apart(subject) else "warning"
    one_region = _one_region(subject)
    owner: tuple[str, str] | None = None
    for block, path, text in subject.texts:
        for arn in _INSTANCE_ARN.finditer(text) if ":instance/" in text else ():
            region, account, instance, resource = arn[1], arn[2], arn[3].lower(), arn[4] or ""
            owner = owner or (account, instance)
            if block.number in one_region:
                continue
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
    one_region = _one_region(subject)
    for block, path, text in subject.texts:
        if len(text) < SHORTEST_ID or block.number in one_region or not _BARE.fullmatch(text.strip()):
            continue
        kind = _kind(block, path)
        level: Level = "error" if kind and _are_apart(subject) else "warning"
        if kind:
            said = f"the {kind} {text} is of one instance, which serves one region"
            fix = f"Write ${{{kind}:NAME}}." if kind in KINDS else ELSEWHERE
        else:
            said = f"{text} may be an id of one instance, which serves one region"
            fix = "Write a placeholder such as ${queue-id:NAME} where it is one, else ignore this rule here."
        yield seen(block, path, said, fix, level)


def _are_apart(subject: Subject) -> bool:
    """Whether the project's regions have ids of their own: those of a replicated instance are the same in both."""
    return subject.around.several_regions and not subject.around.same_ids


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
