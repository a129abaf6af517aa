"""How deep modules run modules: Connect follows five levels, and a module that runs itself would never end.

https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-modules.html
"""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.core.flow_document import FlowDocument
from sbctl.core.problem import Exit, Problem
from sbctl.flows.names.placeholders import placeholders

MAX_NESTING = 5
"""Levels of modules that Amazon Connect follows."""

Graph = Mapping[str, list[str]]


def nesting(modules: Mapping[str, FlowDocument]) -> list[Problem]:
    """A problem for each module that comes to itself again, and for each that begins too deep a chain."""
    return [
        Problem(
            code="module-nesting",
            summary="Flow modules are nested too deeply",
            detail=f"module {name}: {' → '.join(chain)}",
            at=modules[name].at,
            fix=f"Let it run at most {MAX_NESTING} levels, and never itself.",
            exit=Exit.USAGE,
        )
        for name, chain in chains(modules).items()
    ]


def chains(modules: Mapping[str, FlowDocument]) -> dict[str, list[str]]:
    """Modules that are nested too deeply or run themselves → the way that shows it."""
    runs = {
        name: sorted({used.name for used in placeholders(document.content) if used.kind == "module"})
        for name, document in modules.items()
    }
    ways = {name: _longest([name], runs) for name in modules}
    return {name: way for name, way in ways.items() if len(way) > MAX_NESTING or (len(way) > 1 and way[-1] == name)}


def _longest(chain: list[str], runs: Graph) -> list[str]:
    """The longest way down from the end of the chain; it ends where it would repeat itself, or beyond the limit."""
    if len(chain) > MAX_NESTING or chain[-1] in chain[:-1]:
        return chain
    ways = [_longest([*chain, name], runs) for name in runs.get(chain[-1], ())]
    again = [way for way in ways if len(way) > 1 and way[-1] == chain[0]]
    return max(again or ways, key=len, default=chain)
