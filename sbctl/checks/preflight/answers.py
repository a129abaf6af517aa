"""What DNS answers now: the public name one region's answer, and each region's own name its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sbctl.checks.lag.measuring import Found
from sbctl.checks.preflight.subject import Subject, listed
from sbctl.core.kinds.values import Unknown
from sbctl.core.reading import Reading

CALLS: frozenset[str] = frozenset()
"""DNS is no AWS API."""
CHECK = "dns"


def check_answers(on: Subject) -> Iterator[Reading]:
    """A reading for the public name, and one a region."""
    leaves = _leaves(on)
    if not leaves:
        return
    type_ = next(iter(leaves.values()))[1]
    public = f"{on.project.record}.{on.project.domain}".lower()
    yield on.say(CHECK, _public(on, public, type_, leaves), public)
    for region, (name, kind, values) in leaves.items():
        if on.served(region):
            yield on.say(CHECK, _leaf(on, name, kind, values), name, region)


def _leaves(on: Subject) -> dict[str, tuple[str, str, frozenset[str]]]:
    """Region → name, type and values of its leaf, as far as the state knows them."""
    found = {}
    regions = {region.region for region in on.project.regions}
    for desired in on.wanted("route53_record"):
        values: Mapping[str, object] = on.values(desired)
        answers, region = values["values"], str(values["set_identifier"])
        if values["alias"] or region not in regions:  # what answers a region by order is seen through its leaf
            continue
        if isinstance(answers, list) and not any(isinstance(one, Unknown) for one in answers):
            plain = frozenset(str(one).rstrip(".").lower() for one in answers)
            found[region] = str(values["name"]), str(values["type"]), plain
    return found


def _public(on: Subject, name: str, type_: str, leaves: Mapping[str, tuple[str, str, frozenset[str]]]) -> Found:
    answer = on.dns.ask(name, type_)
    given = frozenset(value.lower() for value in answer.values)
    if not given:
        return _silent(name, answer.failure)
    fits = [region for region, (_, _, values) in leaves.items() if given <= values]
    if not fits:
        fix = "Compare the record in the zone with sbctl record show, and the delegation of the zone."
        return Found(listed(answer.values), "bad", f"it answers {listed(answer.values)}, which is no region's", fix)
    where = listed(fits) if len(fits) == 1 else f"one of {listed(fits)}"
    return Found(listed(answer.values), "ok", f"answers {where}, for {answer.ttl} s")


def _leaf(on: Subject, name: str, type_: str, values: frozenset[str]) -> Found:
    answer = on.dns.ask(name, type_)
    given = frozenset(value.lower() for value in answer.values)
    if not given:
        return _silent(name, answer.failure)
    if not given <= values:
        detail = f"it answers {listed(answer.values)} and should answer {listed(sorted(values))}"
        return Found(listed(answer.values), "bad", detail, "sbctl record apply --yes")
    return Found(listed(answer.values), "ok", f"answers {listed(answer.values)}")


def _silent(name: str, failure: str) -> Found:
    if failure.startswith("no answer"):
        return Found(None, "unknown", f"no DNS server answered ({failure})", "Give one that does: --resolver HOST:PORT")
    fix = f"dig +trace {name} shows where it breaks: the delegation of the zone, or the record."
    return Found(None, "bad", f"DNS says {failure}", fix)
