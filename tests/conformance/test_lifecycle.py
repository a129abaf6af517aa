"""Every kind lives one life on the sandbox: created, found, changed, deleted, deleted again. New ones join in.

The sandbox runs in process, without rate limits, and is empty at the start of each life.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from sbctl.aws.client import ClientSettings
from sbctl.aws.layers.stack import open_door
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.clock import FakeClock
from sbctl.core.events import silent
from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.values import plain
from sbctl.core.project import ADDRESS_TAG
from sbctl.sandbox.http.server import Running
from tests.conformance.fields import ELSEWHERE, VALUES, value_of
from tests.conformance.life import Life, Recorder
from tests.conformance.others import SETTINGS, Setting
from tests.conformance.prerequisites import Client, Prerequisites
from tests.sandbox.shapes import Witness
from tests.worlds import empty_world, still

SHELF: dict[str, Kind[Any, Any]] = discover("sbctl.resources", "RESOURCE")


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    """One server for all lives; its clock stands, and is advanced by those who wait."""
    with empty_world(still()) as running:
        yield running


@pytest.fixture
def empty(served: Running) -> Iterator[Running]:
    """The server with nothing in its world. In the end, every answer that it gave must have had its shape."""
    served.world.reset()
    witness = Witness()
    served.world.witness = witness
    yield served
    assert sorted(witness.faults) == []


@pytest.fixture
def aws_client(empty: Running) -> AwsCalls:
    """The product's own door, pointed at the sandbox."""
    settings = ClientSettings(endpoint_url=empty.endpoint, placeholder_credentials=True, rate_limits=False)
    return open_door(settings, FakeClock(), silent).calls


@pytest.fixture
def client(empty: Running) -> Client:
    """Plain boto3 clients for what a life needs besides its own resource."""

    def make(service: str, region: str) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=empty.endpoint,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
        )

    return make


@pytest.fixture(params=sorted(SHELF))
def life(request: pytest.FixtureRequest, aws_client: AwsCalls, client: Client, empty: Running) -> Life:
    """A life about to begin, for each kind, on an empty cloud."""
    return Life(SHELF[request.param], Recorder(aws_client, empty.world), Prerequisites(client, empty.world))


def test_a_life_from_creation_to_second_deletion(life: Life) -> None:
    """After each step the list shows exactly what was asked for, and a plan would change nothing more."""
    kind, aws = life.kind, life.aws
    ids = life.create()

    live = life.listed(lambda live: live is not None and not life.differences(life.before, live, {}))
    assert live is not None, "created, but not in the list"
    assert life.differences(life.before, live, {}) == []
    assert dict(live.ids) == dict(ids), "create and list disagree on the ids"
    assert live.owner == getattr(life.before, "tags", {}).get(ADDRESS_TAG, "")
    read = kind.read(aws, life.region, ids)
    assert read is not None, "created, but not to be read"
    assert (read.spec, dict(read.outputs)) == (live.spec, dict(live.outputs)), "list and read disagree"

    made = set(aws.made)
    life.update(live, life.after, life.before)
    changed = life.listed(lambda live: live is not None and not life.differences(life.after, live, plain(life.before)))
    assert changed is not None
    assert dict(changed.ids) == dict(ids), "changed in place, but another resource"
    assert life.differences(life.after, changed, plain(life.before)) == []

    made |= set(aws.made)
    aws.made.clear()
    life.update(changed, life.after, life.after)
    assert aws.writes() == [], "an update with nothing to do still writes"

    life.settled(lambda: kind.delete(aws, life.region, ids))
    gone = kind.deletion == "deleted"
    assert (life.listed(lambda live: (live is None) == gone) is None) == gone, "not what `deletion` says"
    assert (kind.read(aws, life.region, ids) is None) == gone
    life.settled(lambda: kind.delete(aws, life.region, ids))
    assert made | set(aws.made) <= kind.calls, "calls that are not declared"


@pytest.mark.parametrize("name", [name for name in sorted(SHELF) if SHELF[name].spec.deferred_in_circles])
def test_what_stands_in_no_circle_is_created_whole(
    name: str, aws_client: AwsCalls, client: Client, empty: Running
) -> None:
    """One call makes it as it is wanted, so that nobody meets it half-made."""
    life = Life(SHELF[name], Recorder(aws_client, empty.world), Prerequisites(client, empty.world))
    life.create(whole=True)
    writes = life.aws.writes()
    assert len(writes) == 1, writes
    live = life.listed(lambda live: live is not None)
    assert live is not None
    assert life.differences(life.before, live, {}) == []


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: f"{one.kind}.{one.name}")
def test_what_others_set_survives_an_update_or_is_shown(
    setting: Setting, aws_client: AwsCalls, client: Client, empty: Running
) -> None:
    """Whatever else the update changes; what it takes away stands in the plan."""
    life = Life(SHELF[setting.kind], Recorder(aws_client, empty.world), Prerequisites(client, empty.world))
    ids = life.create()
    before = setting.read(life, ids)
    setting.set(life, ids)
    theirs = setting.read(life, ids)
    assert theirs != before, "nothing was set"
    live = life.seen_as(life.before, ids)
    shown = life.differences(life.before, live, plain(life.before))
    life.update(live, life.after, life.before)
    if setting.read(life, ids) != theirs:
        assert shown != [], f"{setting.name} was taken away, and no plan said so"


@pytest.fixture(params=[name for name in sorted(SHELF) if SHELF[name].spec.taken_back])
def giving_up(request: pytest.FixtureRequest, aws_client: AwsCalls, client: Client, empty: Running) -> Life:
    """A life of each kind that takes fields back."""
    return Life(SHELF[request.param], Recorder(aws_client, empty.world), Prerequisites(client, empty.world))


def test_each_field_changes_alone(life: Life) -> None:
    """A change of one field leaves the others as they are, and goes back again. Every field is tried, or says why not."""
    kind, differing = life.kind, life.differing()
    named = {field for field in life.in_place() if f"{kind.name}.{field}" in {**VALUES, **ELSEWHERE}}
    assert set(life.in_place()) - named == set(differing) - named, "add the others to tests/conformance/fields.py"
    tried = [field for field in life.in_place() if f"{kind.name}.{field}" not in ELSEWHERE]
    ids = life.create()
    for field in tried:
        value = getattr(life.after, field) if field in differing else value_of(life, field)
        changed = life.with_one(field, value)
        for there, wanted in ((life.before, changed), (changed, life.before)):
            live = life.seen_as(there, ids)
            life.update(live, wanted, there)
            now = life.seen_as(wanted, ids)
            assert life.differences(wanted, now, plain(there)) == [], f"{kind.name}.{field}"
            apart = [name for name in life.in_place() if name != field and name not in BESIDE.get(field, ())]
            assert {name: plain(now.spec)[name] for name in apart} == {name: plain(live.spec)[name] for name in apart}


BESIDE = {"encryption": ("key",), "evaluation_periods": ("datapoints",)}
"""Fields of which AWS lets the second follow the first."""


def test_what_the_config_no_longer_says_goes_back(giving_up: Life) -> None:
    """Each field that the kind says it takes back; afterwards a plan is empty."""
    life, spec = giving_up, giving_up.kind.spec
    life.prepare(spec.taken_back)
    ids = life.create()
    for field in spec.taken_back:
        without = life.before.model_copy(update={field: None})
        live = life.seen_as(life.before, ids)
        assert life.differences(without, live, plain(life.before)) == [field]
        life.update(live, without, life.before)
        now = life.seen_as(without, ids)
        assert plain(now.spec)[field] == spec.taken_back[field]
        assert life.differences(without, now, plain(without)) == []
        life.update(now, life.before, without)
