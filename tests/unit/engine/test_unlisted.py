"""Fields that lists lack: read where the config asks for them, as recorded where nothing moved, and never for others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sbctl.core.address import Address
from sbctl.core.executors import threads
from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.spec import Desired
from sbctl.core.state import Record
from sbctl.engine.matching.targets import ReadUnit, Target
from sbctl.engine.planning.unlisted import Depth, completed, completed_whole
from sbctl.resources.connect_user import RESOURCE
from sbctl.resources.content.user_spec import UserSpec
from tests.unit.resources.connect.script import Script, refused

REGION = "us-east-1"
SKILLS = [{"AttributeName": "Product", "AttributeValue": "Loans", "Level": 3.0}]
SKILL = {"attribute": "Product", "value": "Loans", "level": 3}


def spec(name: str, **more: Any) -> UserSpec:
    values = {"instance": "i", "name": name, "security_profiles": ("s",), "routing_profile": "r", **more}
    return UserSpec.model_validate(values)


def listed(name: str) -> Live[UserSpec]:
    """A user as a search has it."""
    return Live(spec(name), {"instance": "i", "id": name, "arn": f"arn:{name}"})


def member(name: str, wanted: Mapping[str, Any], applied: Mapping[str, Any] | None) -> tuple[Target, ReadUnit]:
    """Somebody who looks for a user; `applied` None: of whom nothing is recorded."""
    address = Address.of("connect_user", REGION, name)
    record = None
    if applied is not None:
        record = Record(address=str(address), ids={"id": name}, applied={"name": name, **applied})
    target = Target(address, Desired(address=address, spec=spec(name, **wanted)), record)
    return target, ReadUnit("connect_user", REGION, "i", name)


def door() -> Script:
    row = {
        "Id": "a",
        "Arn": "arn:a",
        "Username": "a",
        "SecurityProfileIds": ["s"],
        "RoutingProfileId": "r",
        "IdentityInfo": {"Email": "moved@example.com"},
    }
    return Script({"DescribeUser": [{"User": row}], "ListUserProficiencies": [{"UserProficiencyList": SKILLS}]})


MAIL = {"email": "a@example.com"}
BOTH = {**MAIL, "proficiencies": [SKILL]}
CASES: list[tuple[Depth, Mapping[str, Any], Mapping[str, Any] | None, list[str]]] = [
    ("wanted", {}, None, []),
    ("wanted", MAIL, None, ["DescribeUser"]),
    ("wanted", MAIL, MAIL, []),
    ("wanted", {"email": "b@example.com"}, MAIL, ["DescribeUser"]),
    ("wanted", BOTH, BOTH, ["ListUserProficiencies"]),
    ("wanted", {}, BOTH, ["DescribeUser", "ListUserProficiencies"]),
    ("recorded", BOTH, BOTH, []),
    ("recorded", BOTH, None, ["DescribeUser", "ListUserProficiencies"]),
    ("all", BOTH, BOTH, ["DescribeUser", "ListUserProficiencies"]),
    ("all", {}, {}, []),
]


@pytest.mark.parametrize(("depth", "wanted", "applied", "calls"), CASES)
def test_only_what_is_needed_is_read(
    depth: Depth, wanted: Mapping[str, Any], applied: Mapping[str, Any] | None, calls: list[str]
) -> None:
    """What the config wants is read, but for addresses that it says as it did; `all` reads these, `recorded` nothing known."""
    aws = door()
    (found,) = completed(RESOURCE, aws, REGION, [listed("a")], [member("a", wanted, applied)], depth, threads)
    assert aws.operations == calls
    if "DescribeUser" in calls:
        assert found.spec.email == "moved@example.com"
    elif applied and applied.get("email"):
        assert found.spec.email == applied["email"]
    if wanted.get("proficiencies") or (applied or {}).get("proficiencies"):
        assert [one.level for one in found.spec.proficiencies or ()] == [3]


def test_nothing_is_read_of_those_whom_nobody_looks_for() -> None:
    """A thousand users of others cost pages alone."""
    aws = door()
    found = completed(RESOURCE, aws, REGION, [listed("x"), listed("y")], [member("a", BOTH, None)], "all", threads)
    assert aws.operations == []
    assert [live.spec.name for live in found] == ["x", "y"]


def test_who_is_gone_meanwhile_is_left_out() -> None:
    """A search may show a user for a while who was deleted."""
    aws = Script({"DescribeUser": [refused("ResourceNotFoundException")]})
    assert completed(RESOURCE, aws, REGION, [listed("a")], [member("a", MAIL, None)], "wanted", threads) == []


def test_who_takes_over_reads_everything() -> None:
    """An adopted user comes with addresses and proficiencies."""
    (found,) = completed_whole(RESOURCE, door(), REGION, [listed("a")])
    assert (found.spec.email, len(found.spec.proficiencies or ())) == ("moved@example.com", 1)
