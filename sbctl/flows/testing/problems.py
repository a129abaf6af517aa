"""The problems of flow tests."""

from __future__ import annotations

from sbctl.core.problem import Exit, Problem


def invalid(at: str, detail: str, fix: str) -> Problem:
    """A test that cannot be read, or that Amazon Connect would not take."""
    return Problem(
        code="flow-test-invalid",
        summary="A flow test is not valid",
        detail=detail,
        at=at,
        fix=fix,
        exit=Exit.USAGE,
    )


def doubtful(at: str, detail: str, fix: str) -> Problem:
    """What is taken, and most likely not meant."""
    return Problem(
        code="flow-test-doubtful", summary="A flow test may not work", detail=detail, at=at, fix=fix, exit=Exit.DONE
    )
