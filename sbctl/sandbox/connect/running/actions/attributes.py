"""What a flow writes on its contact: attributes, tags, names.

https://docs.aws.amazon.com/connect/latest/adminguide/set-contact-attributes.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.running.context import RunContext
from sbctl.sandbox.connect.running.outcome import Done, Failed, Outcome
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.references import text

MOST_BYTES = 32 * 1024
"""Of all attributes of a contact, or of a flow."""
MOST_TAGS = 6
VOICE_ID = (
    *("IsVoiceIdStreamingEnabled", "IsVoiceAuthenticationEnabled", "IsFraudDetectionEnabled", "WatchlistId"),
    *("VoiceAuthenticationThreshold", "VoiceAuthenticationResponseTime", "FraudDetectionThreshold"),
)
"""Settings of a service that ended on 2026-05-20."""


def set_attributes(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UpdateContactAttributes: all or none."""
    given, contact = parameters.get("Attributes"), _target(context, parameters)
    if not isinstance(given, Mapping) or contact is None:
        return Failed(why="there are no attributes" if contact else "there is no related contact")
    changed = contact.attributes | {str(key): text(value) for key, value in given.items()}
    if _size(changed) > MOST_BYTES:
        return Failed(why="more than 32 KB of attributes")
    contact.attributes.update(changed)
    return Done()


def set_flow_attributes(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UpdateFlowAttributes: {"key": {"Value": "text"}}."""
    given = parameters.get("FlowAttributes")
    if not isinstance(given, Mapping) or any(not isinstance(one, Mapping) for one in given.values()):
        return Failed(why="a flow attribute is no object with a Value")
    before = context.frame.data.get("FlowAttributes") or {}
    changed = before | {str(key): text(one.get("Value")) for key, one in given.items()}
    if _size(changed) > MOST_BYTES:
        return Failed(why="more than 32 KB of flow attributes")
    context.frame.data["FlowAttributes"] = changed
    return Done()


def _target(context: RunContext, parameters: Mapping[str, Any]) -> Contact | None:
    if parameters.get("TargetContact") != "Related":
        return context.contact
    return context.centre.related(context.contact)


def _size(attributes: Mapping[str, str]) -> int:
    return sum(len(f"{key}{value}".encode(errors="surrogatepass")) for key, value in attributes.items())


def set_data(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UpdateContactData."""
    contact = _target(context, parameters)
    if contact is None:
        return Failed(why="there is no related contact")
    if any(name in parameters for name in VOICE_ID):
        return Failed(why="Voice ID ended on 2026-05-20")
    for name, field in (("Name", "name"), ("Description", "description"), ("LanguageCode", "language")):
        if name in parameters:
            setattr(contact, field, text(parameters[name]))
    if "CustomerId" in parameters:
        contact.customer_id = text(parameters["CustomerId"])
    if "WisdomSessionArn" in parameters:
        context.frame.data["Wisdom"] = {"SessionArn": text(parameters["WisdomSessionArn"])}
    references = parameters.get("References")
    for key, one in references.items() if isinstance(references, Mapping) else ():
        if isinstance(one, Mapping):
            contact.references[str(key)] = {str(name): text(value) for name, value in one.items()}
    return Done()


def tag(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """TagContact: all or none."""
    given, tags = parameters.get("Tags"), context.contact.tags
    if not isinstance(given, Mapping) or any(str(key).lower().startswith("aws:") for key in given):
        return Failed(why="tags whose keys begin with aws: are AWS's own")
    changed = tags | {str(key): text(value) for key, value in given.items()}
    if sum(not key.startswith("aws:") for key in changed) > MOST_TAGS:
        return Failed(why=f"more than {MOST_TAGS} tags")
    tags.update(changed)
    return Done()


def untag(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UntagContact."""
    keys = parameters.get("TagKeys")
    for key in keys if isinstance(keys, list) else ():
        context.contact.tags.pop(text(key), None)
    return Done()
