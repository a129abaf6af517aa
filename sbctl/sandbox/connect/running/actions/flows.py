"""Other flows and modules, and the ends of both.

https://docs.aws.amazon.com/connect/latest/adminguide/transfer-to-flow.html
https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-modules.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.running.action import CALLERS
from sbctl.sandbox.connect.running.context import RunContext
from sbctl.sandbox.connect.running.outcome import Failed, Moved, Outcome, Over, Returned
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.sources import flow_frame, module_frame
from sbctl.sandbox.connect.running.values.references import text

DEEPEST = 5
"""Modules that run each other."""


def transfer(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """TransferToFlow. What the flow learnt goes along, but its own attributes and the counts of its loops."""
    frame = flow_frame(context.instance, parameters.get("ContactFlowId"))
    if frame is None or frame.type not in CALLERS:
        return Failed(
            why=f"there is no published flow {parameters.get('ContactFlowId')} that contacts can be transferred to"
        )
    frame.data = {
        root: value
        for root, value in context.frames[0].data.items()
        if root not in ("FlowAttributes", "Loop", "Modules")
    }
    return Moved(frame)


def invoke(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """InvokeFlowModule: a module finds nothing of what its caller learnt but its input."""
    named = parameters.get("FlowModuleId")
    frame = module_frame(context.instance, named, context.frame.type)
    if frame is None:
        return Failed(why=f"there is no module {named}")
    modules = [one.id for one in context.frames if one.is_module]
    if len(modules) >= DEEPEST or frame.id in modules:
        return Failed(why=f"modules invoke each other more than {DEEPEST} deep, or in a circle")
    given = parameters.get("Input")
    frame.data["Modules"] = {"Input": dict(given) if isinstance(given, Mapping) else {}}
    return Moved(frame)


def module_result(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """EndFlowModuleExecution. Outside of a module nothing returns: the flow ends."""
    if not context.frame.is_module:
        return Over("end")
    return Returned(text(parameters.get("Result")), parameters.get("ResultData") or {})


def end(_context: RunContext, _step: Step, _parameters: Mapping[str, Any]) -> Outcome:
    """EndFlowExecution."""
    return Over("end")


def disconnect(_context: RunContext, _step: Step, _parameters: Mapping[str, Any]) -> Outcome:
    """DisconnectParticipant."""
    return Over("disconnect")
