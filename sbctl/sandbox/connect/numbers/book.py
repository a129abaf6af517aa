"""Which numbers are claimed, which may be, and which flow answers one.

A number that is let go cools down for 180 days, and who claims and releases more than twice the quota in 180 days claims
nothing more. https://docs.aws.amazon.com/connect/latest/APIReference/API_ReleasePhoneNumber.html
"""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.sandbox.connect.store import ClaimedNumber, Instance, ResourceStore

KIND = "phone-number"
DAY = 86_400.0
PERIOD_SECONDS = 180 * DAY
FAILED_SECONDS = DAY
"""How long a claim that failed is kept; then the number is back in the inventory."""
SHARE = 2.0
"""Claims and releases in the period, in quotas: AWS's 200 percent."""


def numbers(store: ResourceStore) -> list[ClaimedNumber]:
    """The numbers that the account has now, those whose claim failed lately too. Deleting an instance lets its numbers go."""
    now = store.clock.seconds()
    for one in [*store.numbers.claimed.values()]:
        gone = _gone_at(store, one)
        if gone is not None and gone <= now:
            release(store, one, gone)
        elif one.failure and not one.held and one.ready_at + FAILED_SECONDS <= now:
            del store.numbers.claimed[one.id]
    return [*store.numbers.claimed.values()]


def _gone_at(store: ResourceStore, one: ClaimedNumber) -> float | None:
    instance = next((found for found in store.instances.values() if found.arn == one.target), None)
    return instance.gone_at if instance is not None else None


def release(store: ResourceStore, one: ClaimedNumber, when: float) -> None:
    """Let a number go."""
    del store.numbers.claimed[one.id]
    if one.held:
        store.numbers.history.append((when, one.target, one.number, "released"))


def claimed(store: ResourceStore, one: ClaimedNumber) -> None:
    """Remember that a number was claimed now."""
    store.numbers.history.append((store.clock.seconds(), one.target, one.number, "claimed"))


def is_free(store: ResourceStore, number: str) -> bool:
    """Whether nobody has the number, and nobody had it lately."""
    if any(one.number == number for one in numbers(store)):
        return False
    return not any(was == number and done == "released" for _, was, done in _lately(store))


def why_not(store: ResourceStore, instance: Instance, but: str = "") -> str:
    """Why the instance can have no further number (besides `but`, an id); "" when it can."""
    most = store.most(KIND, instance)
    held = [one for one in numbers(store) if one.target == instance.arn and one.held and one.id != but]
    if len(held) >= most:
        return "You've reached the limit of Phone Numbers. To increase limit, contact support."
    if sum(target == instance.arn for target, _, _ in _lately(store)) + 1 > SHARE * most:
        return "More than 200% of the quota of phone numbers were claimed and released in 180 days. Contact support."
    return ""


def _lately(store: ResourceStore) -> Iterator[tuple[str, str, str]]:
    """Target, number and what was done, of the last 180 days."""
    since = store.clock.seconds() - PERIOD_SECONDS
    return ((target, number, done) for when, target, number, done in store.numbers.history if when > since)


def flow_of(store: ResourceStore, one: ClaimedNumber, instance: Instance) -> str:
    """The id of the flow that answers the number in an instance; "" where none does, or the flow is gone."""
    flow = one.flows.get(instance.id, "")
    return flow if flow in instance.all("contact-flow") and is_ready(store, one) else ""


def is_ready(store: ResourceStore, one: ClaimedNumber) -> bool:
    """Whether the number is claimed, and nothing about it goes on."""
    return one.held and one.ready_at <= store.clock.seconds()


def answering(store: ResourceStore, number: str) -> tuple[Instance, str] | None:
    """The instance of a number that is called, and the id of the flow that answers ("" for none); None where nobody has it."""
    one = next((found for found in numbers(store) if found.number == number and is_ready(store, found)), None)
    if one is None:
        return None
    instance = next((found for found in store.living(one.region) if found.arn == one.target), None)
    return (instance, flow_of(store, one, instance)) if instance is not None else None
