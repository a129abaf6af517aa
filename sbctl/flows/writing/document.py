"""A flow document as the text of its file in flows/."""

from __future__ import annotations

from typing import Any

from sbctl.core.flow_document import FlowDocument
from sbctl.flows.language.facts import MODULE
from sbctl.flows.writing.canonical import canonical_file


def file_of(document: FlowDocument) -> str:
    """The file's text, in the one form."""
    return canonical_file(tree_of(document))


def tree_of(document: FlowDocument) -> dict[str, Any]:
    """The file's value. A module has no type, and only a draft a status."""
    tree: dict[str, Any] = {"name": document.name, "description": document.description, "content": document.content}
    if document.type != MODULE:
        tree["type"] = document.type
    elif document.settings:
        tree["settings"] = document.settings
    if document.status == "SAVED":
        tree["status"] = document.status
    return tree
