"""All contacts of the world by id, those that wait by queue, and how they are kept with the world.

A contact in progress hangs on timers and on a running flow, which are not kept: when a world is reopened it ends as lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.snapshot.part import Change, Rows
from sbctl.sandbox.snapshot.pickling import dumped, loaded

LOST = "TELECOM_PROBLEM"
OWNER = "contact"


class ContactStore:
    """Contacts, in the order in which they began. Used under Connect's lock.

    `changed` must be told of every change: only those contacts are written when the world is saved.
    """

    def __init__(self) -> None:
        self._dirty: set[str] = set()
        self.clear()

    def clear(self) -> None:
        """Forget all contacts."""
        self.all: dict[str, Contact] = {}
        self.waiting: dict[str, dict[str, Contact]] = {}
        """Queue's id, or that of an agent's queue → contacts that wait there, oldest first."""
        self.tokens: dict[str, str] = {}
        """Operation, instance and ClientToken → the contact that it made."""
        self.of_instance: dict[str, dict[str, Contact]] = {}
        self.followers: dict[str, list[str]] = {}
        """A chain's first contact → the others of it."""
        self._dirty.clear()

    def add(self, contact: Contact) -> Contact:
        """Take a new contact in."""
        self.all[contact.id] = contact
        self.of_instance.setdefault(contact.instance, {})[contact.id] = contact
        if contact.initial and contact.initial != contact.id:
            self.followers.setdefault(contact.initial, []).append(contact.id)
        self._dirty.add(contact.id)
        return contact

    def changed(self, contact: Contact, when: float) -> None:
        """Remember that a contact is other than before."""
        contact.updated = when
        self._dirty.add(contact.id)

    def of(self, instance: str, named: str) -> Contact | None:
        """The contact of an instance by its id."""
        return self.of_instance.get(instance, {}).get(named)

    def chain(self, initial: str) -> list[Contact]:
        """The contact and all that came of it."""
        return [self.all[one] for one in (initial, *self.followers.get(initial, ())) if one in self.all]

    def taken(self) -> list[str]:
        """Which contacts have changed since this was last asked."""
        found, self._dirty = sorted(self._dirty), set()
        return found

    def put_back(self, contacts: Iterable[Contact], now: float) -> None:
        """Become what was kept; contacts that were in progress end."""
        self.clear()
        for contact in contacts:
            self.add(contact)
            if contact.ended is None:
                contact.ended, contact.reason = now, LOST
            if contact.acw_begun is not None and contact.acw_ended is None:
                contact.acw_ended = now
        self._dirty.clear()


class ContactsPart:
    """The contacts of a world as a part of what is kept: a row each, written when it has changed."""

    name = "connect-contacts"

    def __init__(self, store: Any, lock: Any, now: Any) -> None:
        """`store`, `lock` and `now` give the store, its lock and the time: they are others after a reset."""
        self._store = store
        self._lock = lock
        self._now = now
        self._told: ContactStore | None = None

    def held(self) -> AbstractContextManager[Any]:
        """Connect's lock."""
        found: AbstractContextManager[Any] = self._lock()
        return found

    def changes(self) -> Iterable[Change]:
        """The contacts that have changed; after a reset first that the others are gone."""
        store: ContactStore = self._store()
        changes: list[Change] = []
        if store is not self._told:
            changes.append(Change(OWNER, None, None))
            self._told = store
            store.taken()
            named = list(store.all)
        else:
            named = store.taken()
        return [*changes, *(Change(OWNER, one, dumped(store.all[one])) for one in named)]

    def forget(self) -> None:
        """Tell everything at the next call."""
        self._told = None

    def restore(self, rows: Rows) -> None:
        """Contacts are as they were kept; those in progress have ended."""
        store: ContactStore = self._store()
        store.put_back((loaded(data) for data in rows.get(OWNER, {}).values()), self._now())
        self._told = store
