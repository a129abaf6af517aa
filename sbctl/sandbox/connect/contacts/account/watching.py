"""Calls that somebody listens to: what was heard and passed since they last asked, and how the call stands.

The last ones stay for a while after they have ended, so that their end is heard too.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.control import Heard, PathRow
from sbctl.sandbox.connect.contacts.happenings import Happening, Happenings, Passed, Said
from sbctl.sandbox.connect.contacts.live.progress import Progress

MOST = 500
MOST_LINES = 5000
"""Of one call, between two questions."""


@dataclass
class Watch:
    """One call, and the contacts that it went on as."""

    progress: Progress
    heard: list[Heard] = field(default_factory=list)
    path: list[PathRow] = field(default_factory=list)
    changes: int = 0
    """Goes up with everything that happens to it."""


class Watching:
    """The calls that are listened to, by the id with which they began. Used under Connect's lock."""

    def __init__(self, happenings: Happenings) -> None:
        self._watches: OrderedDict[str, Watch] = OrderedDict()
        self._of: dict[str, str] = {}
        happenings.hearers.append(self._hear)
        happenings.tracers.append(self._trace)
        happenings.listeners.append(self._follow)

    def add(self, progress: Progress) -> None:
        """Listen to a call from now on."""
        named = progress.contact.id
        self._watches[named] = Watch(progress)
        self._of[named] = named
        while len(self._watches) > MOST:
            gone, _ = self._watches.popitem(last=False)
            self._of = {contact: call for contact, call in self._of.items() if call != gone}

    def find(self, named: str) -> Watch | None:
        """The call, by the id with which it began or any that it went on as."""
        return self._watches.get(self._of.get(named, ""))

    def went_on(self, old: Contact, new: Progress) -> None:
        """A call goes on as another contact."""
        call = self._of.get(old.id)
        if call is not None:
            self._of[new.contact.id] = call
            self._watches[call].progress = new

    def _watch(self, contact: Contact | None) -> Watch | None:
        call = self._of.get(contact.id) if contact is not None else None
        return self._watches.get(call) if call is not None else None

    def _follow(self, happening: Happening) -> None:
        watch = self._watch(happening.contact)
        if watch is not None:
            watch.changes += 1

    def _hear(self, said: Said) -> None:
        watch = self._watch(said.contact)
        if watch is None or said.to_agent:
            return
        watch.changes += 1
        watch.heard.append({"text": said.text, "kind": said.kind, "when": said.when, "role": said.role})
        del watch.heard[:-MOST_LINES]

    def _trace(self, contact: Contact, block: Passed) -> None:
        watch = self._watch(contact)
        if watch is None:
            return
        if block.took is None and block.results is None:
            watch.path.append(
                {
                    "flow": block.flow_name,
                    "block": block.identifier,
                    "type": block.type,
                    "when": block.when,
                    "took": None,
                    "results": None,
                }
            )
            del watch.path[:-MOST_LINES]
            return
        for row in reversed(watch.path):
            if row["block"] == block.identifier and row["flow"] == block.flow_name:
                row["took"], row["results"] = block.took, block.results
                return
        watch.path.append(
            {
                "flow": block.flow_name,
                "block": block.identifier,
                "type": block.type,
                "when": block.when,
                "took": block.took,
                "results": block.results,
            }
        )
