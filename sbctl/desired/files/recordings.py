"""The audio of prompts: .wav files of prompts/, known by their hash, read again when they are uploaded.

https://docs.aws.amazon.com/connect/latest/adminguide/prompts.html
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from sbctl.core.project import Recording
from sbctl.files.regular import NotRegular, TooLarge, read_regular

LARGEST = 50 * 1024 * 1024
"""Connect takes smaller files only."""


class OutsideFolder(Exception):  # noqa: N818 - says what is so, as FileNotFoundError does
    """A file leads out of its folder; the text is its path."""


class NotAudio(Exception):  # noqa: N818 - says what is so, as FileNotFoundError does
    """Connect could not play the file; the text says why."""


def recording(folder: Path, name: str) -> Recording:
    """The recording called `name` in the folder. Raises FileNotFoundError, OutsideFolder and NotAudio."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise OutsideFolder(path.as_posix())
    return Recording(path.as_posix(), hashlib.sha256(audio(path)).hexdigest())


def audio(path: Path) -> bytes:
    """The bytes of a .wav file. Raises FileNotFoundError, and NotAudio for what Connect would refuse."""
    try:
        return checked(read_regular(path, LARGEST - 1), path.as_posix())
    except FileNotFoundError:
        raise FileNotFoundError(path) from None
    except TooLarge:
        raise NotAudio(f"{path.as_posix()} is not smaller than 50 MB") from None
    except NotRegular as error:
        raise NotAudio(f"{path.as_posix()}: {error}") from None


def checked(content: bytes, name: str) -> bytes:
    """The content of a .wav file as it is. Raises NotAudio, which names the file, for anything else."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise NotAudio(f"{name} is not a .wav file")
    return content
