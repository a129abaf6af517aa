"""Rules about references: names that nothing sets, values that nothing fills, spellings that AWS does not resolve."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from sbctl.core.text.alike import did_you_mean
from sbctl.flows.language.behaviour import FILLS, INPUT, fills
from sbctl.flows.language.facts import reference_roots
from sbctl.flows.lint.near import near
from sbctl.flows.lint.practice.subject import Read, Seen, Subject, seen

_ROOTS = "|".join(sorted(reference_roots()))
_BARE = re.compile(
    rf"(?<![\w$])\$((?:{_ROOTS})\b)(?=[.\[])|\$\{{((?:{_ROOTS})\b)(?=[.\[}}])|(?<![\w$])\$(StoredCustomerInput)\b"
)
_DOUBLE = re.compile(r"\$\.\$\.|^\.\$\.")


def attribute_unset(subject: Subject) -> Iterator[Seen]:
    """An attribute is read that nothing sets, and whose name is nearly that of one that is set. (connect-attrib-list)"""
    reads = subject.reads.get("Attributes", ())
    if not reads:
        return
    setters = (block for block in subject.graph.in_order() if block.type == "UpdateContactAttributes")
    names = {str(name) for block in setters for name in block.mapping("Attributes")}
    known = names | (subject.around.attributes or frozenset())
    unset = {read.reference.keys[0] for read in reads if read.reference.keys} - known
    meant = near(unset, known)
    for read in reads:
        name = read.reference.keys[0] if read.reference.keys else ""
        if name in meant:
            said = f"no block sets the attribute {name}; one sets {meant[name]}"
            yield seen(read.block, read.path, said, f"Did you mean {meant[name]}?")


def flow_attribute_unset(subject: Subject) -> Iterator[Seen]:
    """A flow attribute is read that this flow never sets; those of other flows and modules are not seen. (flow-attributes)"""
    if "FlowAttributes" not in subject.reads:
        return
    known = {
        str(name)
        for block in subject.graph.in_order()
        if block.type == "UpdateFlowAttributes"
        for name in block.mapping("FlowAttributes")
    }
    for read in subject.reads.get("FlowAttributes", ()):
        name = read.reference.keys[0] if read.reference.keys else ""
        if name and name not in known:
            fix = did_you_mean(name, known, "Set it with UpdateFlowAttributes, or use a contact attribute.")
            yield seen(read.block, read.path, f"this flow never sets the flow attribute {name}", fix)


def external_before(subject: Subject) -> Iterator[Seen]:
    """A value is read on a path with no action that fills it. (connect-attrib-list)

    Compare has a branch for what is not there, and an action that fills the value itself is often one that loops: both
    are told of only where no path at all fills it before.
    """
    graph = subject.graph
    for root in FILLS:
        reads = subject.reads.get(root, ())
        if not reads:
            continue
        fillers = frozenset(block.number for block in subject.blocks if fills(block, root))
        empty = graph.reached(subject.starts, without=fillers)
        filled = graph.after(fillers)
        for read in _one_a_block(reads):
            never = read.block.number not in filled
            if never or (read.block.number in empty and not (read.block.type == "Compare" or fills(read.block, root))):
                said = "no block before it fills it" if never else "a path leads here without a block that fills it"
                yield seen(read.block, read.path, f"{read.reference.text} is read, and {said}", _filled_by(root))


def _one_a_block(reads: Collection[Read]) -> Iterator[Read]:
    told: set[int] = set()
    for read in reads:
        if read.block.number not in told:
            told.add(read.block.number)
            yield read


def _filled_by(root: str) -> str:
    main = {"Case": "GetCase", "Customer": "GetCustomerProfile", "StoredCustomerInput": INPUT}
    return f"Put {main.get(root, min(FILLS[root]))} before it on every path."


def reference_root(subject: Subject) -> Iterator[Seen]:
    """A reference that AWS does not resolve: an unknown root, or `$` and braces in another place. (connect-attrib-list)"""
    known = reference_roots()
    for root, reads in subject.reads.items():
        if root not in known:
            fix = did_you_mean(root, known, "Use a root of the list of contact attributes.")
            for read in reads:
                yield seen(read.block, read.path, f"{read.reference.text} begins with {root}, which is not known", fix)
    for block, path, text in subject.texts:
        if _is_plain(text) or block.number not in subject.graph.reachable:
            continue
        if _DOUBLE.search(text):
            yield seen(block, path, f"{text[:60]!r} is not a reference", "Begin the reference with one $. only.")
        elif found := _BARE.search(text):
            root = next(part for part in found.groups() if part)
            said = f"{text[:60]!r} has {found[0]!r}, which AWS does not resolve"
            yield seen(block, path, said, f"Write $.{root}.")


def _is_plain(text: str) -> bool:
    """Whether each `$` of a text begins a reference, as it should."""
    return "$" not in text or (text.count("$") == text.count("$.") and "$.$." not in text and not text.startswith(".$"))
