"""Kits in the user's own cache folder, one a deployment: for an event in which project and state are out of reach."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sbctl.core.problem import SbctlError
from sbctl.failover.kit.kit import Kit, read_kit
from sbctl.files.regular import read_regular
from sbctl.store.files.atomic import DISK, Disk, remove_unfinished, write_atomic

AWS = "aws"
STATE = ".state"
"""End of the name of a file beside a kit, which holds the path of its state: by it the sandbox of a kit is found."""


def cache_folder(environment: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """Where this user's kits are kept: XDG_CACHE_HOME where it is set, else the platform's cache folder; None without a home.

    https://specifications.freedesktop.org/basedir-spec/latest/ (a relative path counts as not set)
    """
    chosen = Path(environment.get("XDG_CACHE_HOME", ""))
    if not chosen.is_absolute():
        try:
            chosen = _of_platform(environment, platform)
        except RuntimeError:  # nobody's home
            return None
    return chosen / "sbctl" / "kits"


def _of_platform(environment: Mapping[str, str], platform: str) -> Path:
    if platform == "darwin":
        return Path.home() / "Library" / "Caches"
    local = environment.get("LOCALAPPDATA", "") if platform == "win32" else ""
    return Path(local) if local else Path.home() / ".cache"


@dataclass(frozen=True)
class Cached:
    """A kit, and the file that holds it. `kept_at` is when it was last written, in seconds; `state` the folder of its state."""

    kit: Kit
    path: Path
    kept_at: float
    state: Path | None = None


class KitCache:
    """The kits in a folder, which nobody but this user can read."""

    def __init__(self, folder: Path | None, disk: Disk = DISK) -> None:
        self._folder = folder
        self._disk = disk

    def keep(self, kit: Kit, state: Path) -> None:
        """Keep the kit of the deployment whose state is there. Raises SbctlError when the disk refuses."""
        path, text = self._path(kit, state), kit.as_text().encode()
        if path is None:
            return
        self._write(path, text)
        if kit.endpoint not in ("", AWS):
            self._write(path.with_suffix(STATE), _real(state).encode())

    def _write(self, path: Path, text: bytes) -> None:
        with suppress(OSError):
            if read_regular(path) == text:
                return
        with suppress(OSError):
            remove_unfinished(path.parent, path.name, self._disk)
        write_atomic(path, text, self._disk)

    def forget(self, kit: Kit, state: Path) -> None:
        """Remove the kit of a deployment that is gone."""
        path = self._path(kit, state)
        if path is not None:
            for one in (path, path.with_suffix(STATE)):
                with suppress(OSError):
                    self._disk.remove(one)

    def states(self) -> list[Path]:
        """The state folders of the worlds other than AWS that there are kits of."""
        if self._folder is None:
            return []
        with suppress(OSError):
            return [one for path in sorted(self._folder.glob(f"[!.]*{STATE}")) if (one := _state(path)) is not None]
        return []

    def all(self) -> list[Cached]:
        """Every kit that can be read, the one kept last first."""
        if self._folder is None:
            return []
        with suppress(OSError):
            found = [one for path in self._folder.glob("[!.]*.json") if (one := _read(path)) is not None]
            return sorted(found, key=lambda one: one.kept_at, reverse=True)
        return []

    def of_state(self, cached: Cached, state: Path) -> bool:
        """Whether a kit was kept for this state."""
        return cached.path == self._path(cached.kit, state)

    def _path(self, kit: Kit, state: Path) -> Path | None:
        """A file a deployment: on AWS by project and account, elsewhere by the state too, as worlds come and go."""
        if self._folder is None:
            return None
        parts = [kit.project, kit.account, kit.endpoint or AWS]
        whole = "\n".join([*parts, "" if parts[-1] == AWS else _real(state)])
        return (
            self._folder
            / f"{re.sub(r'[^A-Za-z0-9-]+', '-', '-'.join(parts))}-{sha256(whole.encode()).hexdigest()[:8]}.json"
        )


def _real(state: Path) -> str:
    """The folder, however it is named."""
    with suppress(OSError, RuntimeError):  # a circle of links, or a working directory that is gone
        return str(state.resolve())
    return str(state)


def _state(path: Path) -> Path | None:
    with suppress(OSError, UnicodeDecodeError):
        return Path(read_regular(path).decode())
    return None


def _read(path: Path) -> Cached | None:
    try:
        return Cached(
            read_kit(read_regular(path), str(path)), path, path.stat().st_mtime, _state(path.with_suffix(STATE))
        )
    except (OSError, SbctlError):
        return None
