"""Whether an action may stand in a flow of a type. The two guides of AWS disagree, so only what was refused is an error."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sbctl.flows.language.facts import MODULE, actions, flow_types
from sbctl.flows.lint.acceptance.block import Block, Level
from sbctl.flows.lint.around import Around
from sbctl.flows.lint.finding import Finding

RETURN = "EndFlowModuleExecution"


def place_findings(block: Block, around: Around) -> Iterator[Finding]:
    """Modules may hold every action; one that the calling flow's type does not support takes its error branch."""
    return iter(()) if _is_at_home(block.type, block.flow_type) else _misplaced(block, around)


@cache
def _is_at_home(name: str, kind: str) -> bool:
    """Whether nothing is to be said of an action type in a flow of a type."""
    if kind == MODULE:
        return True
    facts = actions()[name]
    return kind in facts.flow_types and kind not in facts.refused_in and name != RETURN


def _misplaced(block: Block, around: Around) -> Iterator[Finding]:
    kind, facts = block.flow_type, block.facts
    level: Level = "error" if around.type_is_known else "warning"
    if block.type == RETURN:
        fix = "Use DisconnectParticipant or EndFlowExecution."
        yield block.finding("flow-type", level, "it ends a module, and this is a flow", fix)
    elif kind in facts.refused_in:
        message = f"{block.type} is refused in a flow of type {kind}"
        fix = f"It is allowed in {', '.join(sorted(facts.flow_types))}."
        if block.type == "DisconnectParticipant":
            fix = f"Use EndFlowExecution. {fix}"
        yield block.finding("flow-type", level, message, fix)
    elif facts.flow_types and kind in flow_types() and kind not in facts.flow_types:
        message = f"AWS does not document {block.type} in a flow of type {kind}"
        yield block.finding(
            "flow-type", "warning", message, f"It is documented in {', '.join(sorted(facts.flow_types))}."
        )
