"""Flows and modules of a contact centre as documents: names for ids and ARNs, and what nothing stands for.

Whatever AWS runs is taken over, also with blocks that sbctl does not know. A flow that was never published is a draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sbctl.core.flow_document import FlowDocument
from sbctl.core.kinds.resource import Live, NotSayable
from sbctl.core.project import Region
from sbctl.engine.adoption.names import NamesById
from sbctl.engine.adoption.result import Unresolved
from sbctl.files.positions import dotted
from sbctl.flows.language.facts import MODULE
from sbctl.flows.names.references import references
from sbctl.flows.names.reverse import unrendered
from sbctl.flows.names.words import Words


class Documents:
    """Says one flow after the other. All flows are named before the first is said, since they name each other."""

    def __init__(self, names: NamesById, region: Region, account: str, mapped: Mapping[str, str]) -> None:
        """`mapped`: what a user gave for ids and ARNs; it goes before what was found."""
        self._names = names
        self._region = region
        self._words = Words({**names.placeholders, **mapped}, region.region, account)

    def document(self, live: Live[Any], folder: str, *, module: bool) -> FlowDocument:
        """The document. Its texts mean the same in every region, but for what `unresolved` tells."""
        spec = live.spec
        content = contents(live)
        assert content is not None  # what serves nobody has no name
        return FlowDocument(
            name=spec.name,
            type=MODULE if module else spec.type,
            description=spec.description or "",
            content=unrendered(content, self._region.region, self._words),
            at=self._names.file(folder, spec.name, ".json"),
            settings=dict(spec.settings) if module else {},
            status="PUBLISHED" if spec.content is not None else "SAVED",
        )

    def unresolved(self, live: Live[Any]) -> Iterator[Unresolved]:
        """Ids and ARNs that mean something in this region or in another account only."""
        for one in references(contents(live) or {}):
            if self._words.is_bound(one):
                yield Unresolved(live.spec.name, one.block, dotted(one.path), one.value, one.kind)


def contents(live: Live[Any]) -> Mapping[str, Any] | None:
    """What is published, else what is saved as a draft."""
    found: Mapping[str, Any] | None = live.spec.content
    return getattr(live.spec, "draft", None) if found is None else found


def refuse_unserved(live: Live[Any]) -> None:
    """Raises NotSayable for a flow or module without a content, or one that serves nobody."""
    if live.spec.state != "ACTIVE":
        raise NotSayable("it is archived")
    if contents(live) is None:
        raise NotSayable("it was never published, and its draft holds no flow")


def told(found: Iterable[Unresolved]) -> Iterator[str]:
    """In words: which blocks hold what another region has otherwise."""
    for value, rows in _by_value(found).items():
        blocks = ", ".join(dict.fromkeys(one.block for one in rows if one.block))
        kind = f" ({rows[0].kind})" if rows[0].kind else ""
        yield f"block {blocks} keeps {value}{kind}, which means nothing elsewhere: give its placeholder with --map"


def _by_value(found: Iterable[Unresolved]) -> dict[str, list[Unresolved]]:
    rows: dict[str, list[Unresolved]] = {}
    for one in found:
        rows.setdefault(one.value, []).append(one)
    return rows
