"""Placeholders in config texts of the AWS kinds: `${region}`, `${table:customers}`… filled for one region.

What names another resource becomes a reference, so that it orders the deploy and is filled in when it exists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from sbctl.core.address import GLOBAL, Address, Link, Ref, joined
from sbctl.core.project import Project

_PLACEHOLDER = re.compile(r"\$\{([a-z-]+)(?::([^}]*))?\}")

PLAIN: Mapping[str, Callable[[Project, str], str]] = {
    "account": lambda project, _: project.account,
    "domain": lambda project, _: project.domain,
    "is-primary": lambda project, region: str(project.region(region).is_primary).lower(),
    "project": lambda project, _: project.name,
    "region": lambda _, region: region,
    "region-name": lambda project, region: project.region(region).name,
}
NAMED: Mapping[str, tuple[str, Callable[[str, str], Ref]]] = {
    "bucket": ("buckets", lambda region, name: Address.of("s3_bucket", region, name).ref("name")),
    "lambda": ("lambdas", lambda region, name: Address.of("lambda_function", region, name).ref("name")),
    "table": ("tables", lambda _, name: Address.of("dynamodb_table", GLOBAL, name).ref("name")),
}
OF_REGION: Mapping[str, Callable[[Project, str], Ref]] = {
    "health-check": lambda _, region: Address.of("route53_health_check", GLOBAL, region).ref("id"),
    "instance": lambda project, region: project.instance(region).ref("id"),
}
"""These take a region after a colon; without one they mean the region that the text is filled for."""


def fill(text: str, project: Project, region: str) -> Link:
    """The text for one region. Unknown placeholders stay as they are; `unknown` finds these before."""
    parts: list[str | Ref] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        value = _value(match[1], match[2] or "", project, region)
        parts += [text[end : match.start()], match[0] if value is None else value]
        end = match.end()
    parts.append(text[end:])
    return _together([part for part in parts if part != ""])


def unknown(text: str, project: Project) -> Iterable[str]:
    """What is wrong with each placeholder of a text that cannot be filled."""
    for kind, name in _PLACEHOLDER.findall(text):
        if kind in NAMED:
            if name not in project.names(NAMED[kind][0]):
                yield f"${{{kind}:{name}}}: {NAMED[kind][0]} has no item {name!r}"
        elif kind in OF_REGION:
            if name and name not in {region.region for region in project.regions}:
                yield f"${{{kind}:{name}}}: the project has no region {name!r}"
        elif kind not in PLAIN:
            yield f"${{{kind}}} is not a placeholder; there are {', '.join(sorted([*PLAIN, *NAMED, *OF_REGION]))}"


def _value(kind: str, name: str, project: Project, region: str) -> str | Ref | None:
    if kind in PLAIN:
        return PLAIN[kind](project, region)
    if kind in OF_REGION:
        return _of_region(kind, project, name or region)
    return NAMED[kind][1](region, name) if kind in NAMED else None


def _of_region(kind: str, project: Project, region: str) -> str | Ref:
    """A region that only holds data has no instance: there the placeholder is empty."""
    if kind == "instance" and not project.region(region).connect:
        return ""
    return OF_REGION[kind](project, region)


def _together(parts: list[str | Ref]) -> Link:
    if all(isinstance(part, str) for part in parts):
        return "".join(str(part) for part in parts)
    return parts[0] if len(parts) == 1 else joined(*parts)
