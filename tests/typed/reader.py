"""Somebody who follows a page from its first block to its last."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.typed.fresh import fresh_clone, newcomer
from tests.typed.pages import Block, announced, blocks
from tests.typed.terminal import Terminal

CUT = re.compile(r"^.*\bsbctl .*…\s*$", re.M)


@dataclass(frozen=True)
class Reader:
    """Sits before a terminal, in a clone."""

    clone: Path
    terminal: Terminal

    def follow(self, page: str, steps: Iterable[Block]) -> None:
        """Do what each block asks for."""
        for block in steps:
            if block.language == "sh":
                self._type(f"{page}:{block.line}", block.text)
            elif block.save:
                self._save(self.clone / block.save, block.text)
            elif block.add:
                file, section = block.add
                self._add(self.clone / file, section, json.loads(block.text))

    def _type(self, at: str, text: str) -> None:
        status: int | None = 0
        for line in text.splitlines():
            status, said = self.terminal.enter(line)
            assert "Traceback (most recent call last)" not in said, f"{at}: {line}\n{said}"
            assert not CUT.findall(said), f"{at}: a command is cut off\n{said}"
            if status is not None:
                assert status == announced(line), f"{at}: {line}\n{said}"
        assert status is not None, f"{at}: the block ends in the middle of a command"

    def _save(self, file: Path, text: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def _add(self, file: Path, section: str, entry: object) -> None:
        config = json.loads(file.read_text(encoding="utf-8"))
        config.setdefault(section, []).append(entry)
        file.write_text(json.dumps(config, indent=2), encoding="utf-8")


@contextmanager
def new_reader(folder: Path) -> Iterator[Reader]:
    """A reader with a clone of their own. A sandbox that a failed page leaves is stopped."""
    clone = fresh_clone(folder)
    environment = newcomer(folder)
    try:
        with Terminal(clone, environment) as terminal:
            yield Reader(clone, terminal)
    finally:
        subprocess.run([clone / ".venv/bin/sbctl", "sandbox", "down"], cwd=clone, env=environment, check=False)


def follow_page(page: str, folder: Path, first: int | None = None) -> None:
    """Follow the first blocks of a page, or all of them; a whole page leaves no sandbox running."""
    with new_reader(folder) as reader:
        reader.follow(page, [*blocks((reader.clone / page).read_text(encoding="utf-8"))][:first])
        assert first or not (reader.clone / "state/sandbox/sandbox.json").exists(), f"{page}: a sandbox is left running"
