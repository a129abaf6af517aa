"""What a caller would notice of the difference between two flows, block by block: what is heard, and where calls go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.core.text.cut import cut_apart
from sbctl.flows.comparing.meaning import actions_by_name, branches, flow_changes, same_flow, spelled

HEARD = {
    "Text": "the prompt text",
    "SSML": "the prompt text",
    "PromptId": "the recorded prompt",
    "Media": "the recorded prompt",
}
LEADS = {
    "QueueId": "calls go to another queue",
    "ContactFlowId": "callers go on in another flow",
    "EventHooks": "callers meet another flow while they wait or are connected",
    "LambdaFunctionARN": "another function is asked",
    "HoursOfOperationId": "other hours of operation are looked at",
    "AgentId": "calls go to another agent",
}
OTHERS = {
    "InvocationTimeLimitSeconds": "the function is given another time",
    "InputTimeLimitSeconds": "callers are given another time to answer",
    "LexV2Bot": "callers speak to another bot",
}
LONGEST = 60


def noticed(there: Any, here: Any) -> list[str]:
    """Sentences on what `here` does otherwise than `there`; empty when they do the same."""
    if there is None or here is None:
        return ["it was never published here"] if here is None and there is not None else []
    if same_flow(there, here):
        return []
    old, new = actions_by_name(there), actions_by_name(here)
    found = [f"block {name} ({new[name]['Type']}) is only here" for name in new if name not in old]
    found += [f"block {name} ({old[name]['Type']}) is missing" for name in old if name not in new]
    for name in new:
        if name in old:
            found += _of_block(name, old[name], new[name])
    return found or flow_changes(there, here)


def _of_block(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if old.get("Type") != new.get("Type"):
        yield f"block {name} is {new.get('Type')} instead of {old.get('Type')}"
        return
    before, after = old.get("Parameters") or {}, new.get("Parameters") or {}
    for parameter in sorted({*before, *after}):
        if spelled(before.get(parameter)) != spelled(after.get(parameter)):
            yield _of_parameter(name, parameter, before.get(parameter), after.get(parameter))
    if branches(old, ordered=False) != branches(new, ordered=False):
        yield f"block {name} leads callers on to other blocks"
    elif branches(old, ordered=True) != branches(new, ordered=True):
        yield f"block {name} tries its conditions in another order, and the first that holds wins"


def _of_parameter(name: str, parameter: str, before: Any, after: Any) -> str:
    old, new = _quoted(before, after)
    change = f"{new} instead of {old}"
    if parameter in HEARD:
        return f"{HEARD[parameter]} in block {name} differs: {change}"
    if parameter in LEADS:
        return f"{LEADS[parameter]} in block {name}: {change}"
    if parameter in OTHERS:
        return f"{OTHERS[parameter]} in block {name}: {change}"
    return f"{parameter} in block {name} differs: {change}"


def _quoted(before: Any, after: Any) -> list[str]:
    """Both in quotes, cut so that it is seen where they differ."""
    there = iter(cut_apart([str(value) for value in (before, after) if value is not None], LONGEST))
    return ["nothing" if value is None else f'"{next(there)}"' for value in (before, after)]
