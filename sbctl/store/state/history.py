"""The generations of a state: the last twenty, each as it was written, by serial. The newest is the present one.

So a damaged state file can be put back without any loss, and a run that went wrong can be looked at afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

from sbctl.core.problem import SbctlError
from sbctl.core.state import State
from sbctl.store.media.backend import Backend
from sbctl.store.state.envelope import DamageError, open_envelope

KEPT = 20


@dataclass(frozen=True)
class Generation:
    """One state as it was written. `state` is None when it cannot be read: `damage` says why. `size` is in bytes."""

    serial: int
    size: int
    state: State | None
    damage: str = ""


class History:
    """The generations on a medium. All methods raise SbctlError when it does not answer."""

    def __init__(self, medium: Backend) -> None:
        self._medium = medium

    def keep(self, serial: int, content: bytes) -> None:
        """Keep a state as its generation, and let the oldest go."""
        self._medium.keep(_name(serial), content)
        for name in self._names()[:-KEPT]:
            self._medium.discard(name)

    def discard(self, serial: int) -> None:
        """Let one go."""
        self._medium.discard(_name(serial))

    def all(self) -> list[Generation]:
        """All that are kept, the oldest first."""
        return [self._read(name) for name in self._names()]

    def find(self, serial: int) -> Generation | None:
        """The one with this serial; None when it is not kept."""
        return self._read(_name(serial)) if _name(serial) in self._names() else None

    def newest_sound(self) -> Generation | None:
        """The newest that can be read; None when there is none."""
        found = (self._read(name) for name in reversed(self._names()))
        return next((generation for generation in found if generation.state is not None), None)

    def _names(self) -> list[str]:
        return [name for name in self._medium.names() if name.removesuffix(".json").isdecimal()]

    def _read(self, name: str) -> Generation:
        serial = int(name.removesuffix(".json"))
        content = self._medium.kept(name) or b""
        try:
            return Generation(serial, len(content), open_envelope(content, name))
        except DamageError as error:
            return Generation(serial, len(content), None, str(error))
        except SbctlError as error:
            return Generation(serial, len(content), None, error.problems[0].detail)


def _name(serial: int) -> str:
    return f"{serial:08d}.json"
