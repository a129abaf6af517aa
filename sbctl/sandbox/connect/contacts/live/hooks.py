"""Which flow runs at which event: what the contact's hook says, else the instance's default.

https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-default.html
"""

from __future__ import annotations

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.store import Instance, bare

FLOW = "contact-flow"
DEFAULTS = {
    "CustomerQueue": "Default customer queue",
    "AgentWhisper": "Default agent whisper",
    "CustomerWhisper": "Default customer whisper",
    "Outbound": "Default outbound",
    "AgentHold": "Default agent hold",
    "CustomerHold": "Default customer hold",
}
CALLS_ONLY = frozenset({"AgentWhisper", "CustomerWhisper", "Outbound", "AgentHold", "CustomerHold"})
"""Chats and tasks have no whispers and no hold flows unless a hook is set."""


def hook_flow(instance: Instance, contact: Contact, hook: str) -> str:
    """The id of the flow that runs at an event; "" for none."""
    if hook == "Outbound":
        return _outbound(instance, contact)
    named = contact.hooks.get(hook)
    if named is not None:
        return bare(named)
    return "" if contact.channel != "VOICE" and hook in CALLS_ONLY else _default(instance, hook)


def _outbound(instance: Instance, contact: Contact) -> str:
    """The queue's outbound whisper flow, else the default."""
    queue = instance.all("queue").get(contact.queue)
    config = (queue.values.get("OutboundCallerConfig") or {}) if queue is not None else {}
    return str(config.get("OutboundFlowId") or "") or _default(instance, "Outbound")


def _default(instance: Instance, hook: str) -> str:
    name = DEFAULTS.get(hook, "")
    if not name:
        return ""
    for flow in instance.all(FLOW).values():
        if flow.values["Name"] == name:
            # default flows that nobody wrote are empty: they do nothing
            return flow.id if flow.values.get("Draft") or flow.values.get("Type") else ""
    return ""
