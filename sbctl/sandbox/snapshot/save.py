"""The file of a world: an SQLite database of rows, written in one transaction for each save, checked row by row when read.

SQLite does what a save needs: a transaction is there wholly or not at all, also after a crash in its middle, and only rows
that changed are written. Each row carries its checksum; the head says by which format and which moto it was written.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from sbctl.sandbox.release import release
from sbctl.sandbox.snapshot.part import Change, Rows

FILE = "world.db"
FORMAT = 10
_MOTO = version("moto")
"""Of the rows and of the classes in them; tests/sandbox/test_data_format.py says when it must go up."""
APPLICATION = 0x7362_6B70
"""By which SQLite files of ours are known."""
TIME = "time"
SCHEMA = """
    PRAGMA auto_vacuum = FULL;
    CREATE TABLE head (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE row (
        number INTEGER PRIMARY KEY, part TEXT NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL,
        data BLOB NOT NULL, sum BLOB NOT NULL, UNIQUE (part, owner, name)
    ) STRICT;
"""
PUT = """
    INSERT INTO row (part, owner, name, data, sum) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (part, owner, name) DO UPDATE SET data = excluded.data, sum = excluded.sum
"""
Changes = Mapping[str, Iterable[Change]]
"""By the name of the part."""


class SaveError(Exception):
    """A save that cannot be used; the text says why and what to do."""


class Save:
    """The file in one folder, open. Not thread-safe. Raises SaveError when it is there and cannot be used."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        is_new = not self._path.exists() or self._path.stat().st_size == 0
        if is_new:
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        self._file = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        try:
            self._begin() if is_new else self._check()
        except sqlite3.DatabaseError as error:
            self._file.close()
            raise self.damaged(error) from error
        except SaveError:
            self._file.close()
            raise

    @property
    def size(self) -> int:
        """In bytes."""
        return self._path.stat().st_size

    def damaged(self, why: object) -> SaveError:
        """Of a file that is ours and not whole."""
        return SaveError(
            f"{self._path} is damaged ({why}): put back a copy of it, or move it away to begin with an empty world; "
            "it was left as it is"
        )

    def close(self) -> None:
        self._file.close()

    def time(self) -> float | None:
        """The world's time at the last save; None when there was none yet."""
        found = self._head().get(TIME)
        return None if found is None else float(found)

    def rows(self) -> Mapping[str, Rows]:
        """All that is kept, by part. Raises SaveError for a row that is not as it was written."""
        found: dict[str, dict[str, dict[str, bytes]]] = {}
        try:
            listed = self._file.execute("SELECT part, owner, name, data, sum FROM row ORDER BY number")
            for part, owner, name, data, checksum in listed:
                if _sum(part, owner, name, data) != checksum:
                    raise self.damaged(f"the row {part} {owner} {name} is not as it was written")
                found.setdefault(part, {}).setdefault(owner, {})[name] = data
        except sqlite3.DatabaseError as error:
            raise self.damaged(error) from error
        return found

    def write(self, changes: Changes, time: float, *, anew: bool = False) -> None:
        """Make the file hold these changes and the time, wholly or not at all; `anew`: and nothing else.

        Raises sqlite3.Error and OSError when it cannot be written.
        """
        self._file.execute("BEGIN IMMEDIATE")
        try:
            if anew:
                self._file.execute("DELETE FROM row")
            for part, found in changes.items():
                for change in found:
                    self._put(part, change)
            self._file.execute("REPLACE INTO head VALUES (?, ?)", (TIME, repr(time)))
            self._file.execute("COMMIT")
        except BaseException:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
            raise

    def _put(self, part: str, change: Change) -> None:
        owner, name, data = change
        if name is None:
            self._file.execute("DELETE FROM row WHERE part = ? AND owner = ?", (part, owner))
        elif data is None:
            self._file.execute("DELETE FROM row WHERE part = ? AND owner = ? AND name = ?", (part, owner, name))
        else:
            self._file.execute(PUT, (part, owner, name, data, _sum(part, owner, name, data)))

    def _begin(self) -> None:
        self._file.executescript(SCHEMA)
        head = {"sbctl": release(), "moto": _MOTO, "format": str(FORMAT)}
        self._file.executemany("INSERT INTO head VALUES (?, ?)", head.items())
        self._file.execute(f"PRAGMA application_id = {APPLICATION}")  # last: with it the file is ours

    def _check(self) -> None:
        with closing(self._file.execute("PRAGMA application_id")) as found:
            if found.fetchone()[0] != APPLICATION:
                raise SaveError(f"{self._path} is not a save of the sandbox; name another folder with --data")
        with closing(self._file.execute("PRAGMA quick_check")) as found:
            told = found.fetchone()[0]
        if told != "ok":
            raise self.damaged(told)
        head = self._head()
        if (head.get("format"), head.get("moto")) != (str(FORMAT), _MOTO):
            wrote = f"sbctl {head.get('sbctl')} (format {head.get('format')}, moto {head.get('moto')})"
            raise SaveError(
                f"{self._path} was written by {wrote}, which this version (format {FORMAT}, moto {_MOTO}) cannot "
                "read: use that version, or move the file away to begin with an empty world"
            )

    def _head(self) -> dict[str, str]:
        return dict(self._file.execute("SELECT name, value FROM head").fetchall())


def _sum(part: str, owner: str, name: str, data: bytes) -> bytes:
    head = "\0".join((part, owner, name)).encode("utf-8", "surrogatepass")
    return blake2b(head + b"\0" + data, digest_size=8).digest()
