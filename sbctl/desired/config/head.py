"""Reads the head of regions.json and checks what its fields mean together.

A wrong head does not hide what is wrong below it: the parts that cannot be read get stand-ins, and the checks go on.
Nothing made with a stand-in leaves `load_project`, since there is then at least one problem.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from sbctl.core.text.slug import slug
from sbctl.desired.config import region_table
from sbctl.desired.config.findings import Findings, Loc
from sbctl.desired.config.models import Head, RegionEntry
from sbctl.files.misfits import did_you_mean, names_of
from sbctl.files.positions import JsonPath

FIELDS: frozenset[str] = frozenset(names_of(Head))
_NO_PRIORITY = 1000
_STAND_INS: Mapping[str, Any] = {
    "project": "project",
    "account": "000000000000",
    "domain": "example.com",
    "strategy": "active-passive",
}


Places = list[tuple[JsonPath, RegionEntry]]


def read_head(findings: Findings) -> Head | None:
    """The head, with stand-ins for what is wrong; None when not a single region can be read."""
    data = {key: value for key, value in findings.source.data.items() if key in FIELDS}
    try:
        head = Head.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        findings.add_invalid(error, (), Head)
        return _read_rest(data, {one["loc"][:3] for one in error.errors()}, findings)
    check_head(head, [(("regions", index), entry) for index, entry in enumerate(head.regions)], findings)
    return head


def _read_rest(data: Mapping[str, Any], wrong: set[Loc], findings: Findings) -> Head | None:
    """The head without the fields that are wrong, checked as far as it goes."""
    given = data.get("regions")
    entries = {
        index: _readable(entry, index, {str(loc[2]) for loc in wrong if loc[:2] == ("regions", index) and len(loc) > 2})
        for index, entry in enumerate(given if isinstance(given, list) else [])
    }
    places: Places = [(("regions", index), entry) for index, entry in entries.items() if entry]
    if not places:
        return None
    fields = {loc[0] for loc in wrong}
    kept = {key: value for key, value in data.items() if key not in fields and key != "regions"}
    head = Head.model_validate({**_STAND_INS, **kept, "regions": [entry for _, entry in places]})
    unsure = any(loc[:1] == ("regions",) for loc in wrong)
    check_head(head, places, findings, unsure=unsure)
    return head


def _readable(given: Any, index: int, wrong: set[str]) -> RegionEntry | None:
    """One region without its wrong fields; None when not even its code can be read."""
    if not isinstance(given, dict) or "region" in wrong:
        return None
    kept = {key: value for key, value in given.items() if key not in wrong}
    return RegionEntry.model_validate({"name": f"region-{index}", "priority": _NO_PRIORITY + index, **kept})


def check_head(head: Head, regions: Places, findings: Findings, *, unsure: bool = False) -> None:
    """Note everything that the fields say wrongly together. `unsure`: some fields of regions could not be read."""
    for path, entry in regions:
        _check_region(entry, path, head, findings)
    _check_unique(regions, findings)
    _check_primary(regions, findings, unsure)
    _check_strategy(head, regions, findings)
    if head.resiliency == "global":
        detail = "global is Amazon Connect Global Resiliency, which this version cannot set up"
        findings.add("not-built-yet", ("resiliency",), detail, 'Use "independent".')


def check_account(account: str, deployed_in: str, findings: Findings) -> None:
    """Note an account other than the one of the state: a deploy there would leave all that exists behind."""
    if deployed_in and account != deployed_in:
        fix = f"Put back {deployed_in}, or keep another account's state in a folder of its own: --state DIR."
        findings.add("wrong-account", ("account",), f"{account}, but the state is of account {deployed_in}", fix)


def _check_region(entry: RegionEntry, path: JsonPath, head: Head, findings: Findings) -> None:
    extra, code = head.connect_regions, entry.region
    if not region_table.exists(code, extra):
        fix = f"{did_you_mean(code, region_table.REGIONS)} A region newer than sbctl goes into connectRegions."
        findings.add("unknown-region", (*path, "region"), f"{code!r} is no AWS region that sbctl knows", fix)
    elif entry.connect and not region_table.offers_connect(code, extra):
        only = " for instances of its own" if code in region_table.CONNECT_REPLICA_ONLY else ""
        findings.add(
            "region-without-connect",
            (*path, "region"),
            f"{code} does not offer Amazon Connect{only}",
            f'Use {region_table.nearest_with_connect(code)}, or declare the region data-only with "connect": false,'
            f" or, if AWS has added Connect there, list it in connectRegions.",
        )


def _check_unique(regions: Places, findings: Findings) -> None:
    wanted: tuple[tuple[str, str, str, Callable[[RegionEntry], Any]], ...] = (
        ("name", "duplicate-name", "Give each region its own name.", lambda entry: slug(entry.name)),
        ("region", "duplicate-name", "List each AWS region once.", lambda entry: entry.region),
        ("priority", "duplicate-priority", "Number the regions 1, 2, 3.", lambda entry: entry.priority),
    )
    for field, code, fix, key in wanted:
        seen: dict[Any, JsonPath] = {}
        for path, entry in regions:
            first = seen.setdefault(key(entry), path)
            if first != path:
                line = findings.source.position((*first, field))[0]
                detail = f"{getattr(entry, field)!r} stands already in line {line}"
                findings.add(code, (*path, field), detail, fix)


def _check_primary(regions: Places, findings: Findings, unsure: bool) -> None:
    primaries = [(path, entry) for path, entry in regions if entry.is_primary]
    if not primaries and not unsure:
        findings.add("one-primary", ("regions",), "no region is primary", 'Give one region "isPrimary": true.')
    for path, entry in primaries[1:]:
        detail = f"{entry.region} is primary besides {primaries[0][1].region}"
        findings.add("one-primary", (*path, "isPrimary"), detail, 'Keep "isPrimary": true on one region only.')
    for path, entry in primaries:
        if not entry.connect:
            fix = "Make a region with Connect the primary."
            findings.add("primary-without-connect", (*path, "connect"), f"{entry.region} is data-only", fix)
    if not any(entry.connect for _, entry in regions):
        fix = 'Take "connect": false away from the regions that take calls.'
        findings.add("no-connect-region", ("regions",), "every region is data-only", fix)


def _check_strategy(head: Head, regions: Places, findings: Findings) -> None:
    if head.strategy == "active-passive":
        if head.routing is not None:
            detail = "spreads traffic, but active-passive serves from one region"
            findings.add("bad-value", ("routing",), detail, 'Remove it, or set "strategy": "active-active".')
        return
    if head.routing == "latency":
        return
    serving = [(path, entry) for path, entry in regions if entry.connect]
    if all(entry.weight is None for _, entry in serving):
        return  # equal shares
    for path, entry in serving:
        if entry.weight is None:
            fix = 'Give every region with Connect a "weight" from 0 to 255, or none of them for equal shares.'
            findings.add("weights-missing", path, f"{entry.region} has no weight", fix)
    if serving and Counter(entry.weight for _, entry in serving) == Counter({0: len(serving)}):
        fix = "Give at least one region a weight above 0."
        findings.add("weights-missing", ("regions",), "all weights are 0, which Route 53 takes as all equal", fix)
