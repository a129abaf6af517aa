"""Which content runs: that of a flow or module by id or ARN, with what stands behind the colon.

https://docs.aws.amazon.com/connect/latest/adminguide/flows-versions-aliases.html
"""

from __future__ import annotations

from typing import Any

from sbctl.sandbox.connect.flow_language.qualifier import Named, version
from sbctl.sandbox.connect.flow_language.references import found
from sbctl.sandbox.connect.running.context import Frame
from sbctl.sandbox.connect.store import Instance

FLOW = "contact-flow"
MODULE = "flow-module"


def flow_frame(instance: Instance, named: Any) -> Frame | None:
    """A flow at its start; None where the instance has none, or where nothing of it was published."""
    flow = found(instance, FLOW, named)
    content = None if flow is None else _content(flow)
    if flow is None or content is None:
        return None
    values = flow.resource.values
    return _at_start(Frame(flow.resource.id, str(values["Name"]), str(values.get("Type") or "CONTACT_FLOW"), content))


def module_frame(instance: Instance, named: Any, flow_type: str) -> Frame | None:
    """A module at its start, invoked by a flow of a type; None where the instance has none, or an empty one."""
    module = found(instance, MODULE, named)
    content = None if module is None else _content(module)
    if module is None or content is None:
        return None
    return _at_start(Frame(module.resource.id, str(module.resource.values["Name"]), flow_type, content, is_module=True))


def _at_start(frame: Frame) -> Frame | None:
    frame.at = frame.program.start
    return frame if frame.at in frame.program.steps else None


def _content(named: Named) -> str | None:
    """The content that a suffix means; without one the published content."""
    if named.is_latest:
        text = named.resource.values.get("Content")
    elif named.is_draft:
        text = named.resource.values.get("Draft")
    else:
        text = version(named)["Content"]
    return None if text is None else str(text)
