"""The audit log is bounded, and loses nothing of what it still has room for."""

from __future__ import annotations

import threading
from pathlib import Path

from sbctl.aws.layers.audit import OLDER, AuditLog


def lines_of(log: AuditLog) -> list[str]:
    """What the log holds, oldest first."""
    files = [*(log.older(number) for number in range(OLDER + 1, 0, -1)), log.path]
    return [line for file in files if file.exists() for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_full_log_is_put_aside_and_a_few_of_them_are_kept(tmp_path: Path) -> None:
    """However much is written, the log and its older files hold a bounded number of the latest lines, in order."""
    log = AuditLog(tmp_path / "audit.jsonl", full=100)
    for number in range(100):
        log.append(f"call {number:04}\n")
    found = lines_of(log)
    assert found == [f"call {number:04}" for number in range(100 - len(found), 100)]
    assert OLDER * 10 <= len(found) <= (OLDER + 1) * 10
    assert not log.older(OLDER + 1).exists()
    assert log.older(1).stat().st_mode & 0o777 == 0o600


def test_several_who_write_lose_no_line_when_the_log_is_put_aside(tmp_path: Path) -> None:
    """Several writers of one file, as several runs are, put it aside once each time it is full, and lose no line."""
    logs = [AuditLog(tmp_path / "audit.jsonl", full=500) for _ in range(4)]
    written = [
        [f"{writer} {number:04}" for number in range(50)] for writer in range(len(logs))
    ]  # 1,400 bytes in all, which the log and its older files have room for

    def write(log: AuditLog, lines: list[str]) -> None:
        for line in lines:
            log.append(line + "\n")

    threads = [threading.Thread(target=write, args=pair) for pair in zip(logs, written, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(lines_of(logs[0])) == sorted(line for lines in written for line in lines)
