"""Not found means "not known yet" where something new is named, for a while and no longer."""

from __future__ import annotations

import pytest

from sbctl.core.address import Address
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import FakeClock
from sbctl.engine.planning.fresh import FRESH_SECONDS, Fresh

NEW, OLD = Address.of("iam_role", "global", "a"), Address.of("iam_role", "global", "b")
CODES = ("NoSuchEntity", "NoSuchBucket", "ResourceNotFoundException", "ResourceNotFound", "404", "NoSuchHostedZone")


@pytest.mark.parametrize("code", CODES)
def test_what_is_new_may_not_be_known_yet(code: str) -> None:
    """In every service's words; what is old and not found is not there."""
    clock = FakeClock()
    fresh = Fresh(clock)
    fresh.begin(NEW)
    error = AwsError(code, "it does not exist")
    assert fresh.passing(error, [OLD, NEW]) == "iam_role.global.a is not known everywhere yet"
    assert fresh.passing(error, [OLD]) is None
    clock.sleep(FRESH_SECONDS)
    assert fresh.passing(error, [NEW]) is None


@pytest.mark.parametrize("code", ["AccessDenied", "ValidationException", "Unreachable", "NotFoundByUs"])
def test_other_errors_do_not_pass(code: str) -> None:
    """Only those that say that something does not exist."""
    fresh = Fresh(FakeClock())
    fresh.begin(NEW)
    assert fresh.passing(AwsError(code, ""), [NEW]) is None
