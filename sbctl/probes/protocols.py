"""What asks endpoints and DNS, and what it brings back, as those see it who are handed one."""

from __future__ import annotations

from typing import Protocol


class Answered(Protocol):
    """What an HTTP probe brought back; `status` 0 is no answer, and `failure` says why."""

    @property
    def status(self) -> int: ...
    @property
    def failure(self) -> str: ...
    @property
    def ok(self) -> bool: ...
    @property
    def seconds(self) -> float: ...
    @property
    def body(self) -> str: ...


class Endpoints(Protocol):
    def get(self, host: str, path: str) -> Answered: ...


class Named(Protocol):
    """What a DNS probe brought back; `failure` says why there are no values."""

    @property
    def values(self) -> tuple[str, ...]: ...
    @property
    def ttl(self) -> int | None: ...
    @property
    def failure(self) -> str: ...


class NameLookup(Protocol):
    def ask(self, name: str, type_: str) -> Named: ...
