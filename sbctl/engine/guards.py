"""What a plan may not do without being told: delete too much or what holds data, rest on a stale or foreign state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from sbctl.core.address import GLOBAL
from sbctl.core.aws_error import AwsError
from sbctl.core.counted import counted
from sbctl.core.plan import FieldChange, Plan, Step
from sbctl.core.problem import AGAIN, Exit, Problem
from sbctl.core.resource import AwsCalls
from sbctl.core.state import State
from sbctl.core.tree import has_unknown, resolve
from sbctl.engine.caller import account_of
from sbctl.engine.handed import in_circle
from sbctl.engine.session import Planned
from sbctl.engine.targets import Kinds
from sbctl.engine.world import World

TAKING = ("create", "update", "replace")
"""Actions that may need a name that something else has."""


def against_deletes(plan: Plan, kinds: Kinds, allowed: Iterable[str], max_deletes: int | None) -> list[Problem]:
    """Problems with what the plan deletes. `allowed` are addresses or patterns (`dynamodb_table.*`) named by the user.

    `max_deletes` None means any number.
    """
    patterns = [pattern.lower() for pattern in allowed]
    losing = [step for step in plan.pending if step.action in ("delete", "replace") or step.leaves]
    found = [_protected(step) for step in losing if kinds[step.at.kind].protected and not _named(step, patterns)]
    unnamed = [step for step in losing if not _named(step, patterns)]
    if max_deletes is not None and len(unnamed) > max_deletes:
        found.append(_too_many(unnamed, max_deletes, _renamed(plan, unnamed)))
    return found


def _renamed(plan: Plan, losing: Iterable[Step]) -> str:
    """What to do where some are deleted and others of their kind are created: perhaps items only got other names.

    Which became which is certain only where there is one of each; nothing is suggested that could be another item's.
    """
    gone, made = _by_place(step for step in losing if step.action == "delete"), _by_place(_created(plan))
    places = [place for place in gone if place in made]
    sure = [f"sbctl state rename {gone[place][0]} {made[place][0]}" for place in places if _is_pair(place, gone, made)]
    if sure:
        return f". Where an item only got another name: {_listed(sure, '; ')}"
    if places:
        old, new = gone[places[0]][0], _listed(made[places[0]], ", ")
        return f". Where an item only got another name: sbctl state rename {old} NEW, with NEW one of {new}"
    return ""


def _created(plan: Plan) -> Iterator[Step]:
    return (step for step in plan.pending if step.action == "create")


def _by_place(steps: Iterable[Step]) -> dict[tuple[str, str], list[str]]:
    """Addresses by kind and region."""
    found: dict[tuple[str, str], list[str]] = {}
    for step in steps:
        found.setdefault((step.at.kind, step.at.region), []).append(step.address)
    return found


def _is_pair(place: tuple[str, str], *sides: Mapping[tuple[str, str], Sequence[str]]) -> bool:
    return all(len(side[place]) == 1 for side in sides)


def _listed(texts: Sequence[str], by: str) -> str:
    """The first five of them."""
    return by.join(texts[:5]) + (f"{by.rstrip()} …" if len(texts) > 5 else "")


def against_taken_names(
    kinds: Kinds, aws: AwsCalls, primary: str, planned: Planned, allowed: Iterable[str] = ()
) -> tuple[Plan, list[Problem]]:
    """Problems with creations that AWS would refuse, since others have something in their place.

    Where the user named the address and the kind can, what is there goes in the same change: the plan then says so.
    """
    items = {str(item.address): item for item in planned.seen.desired}
    patterns = [pattern.lower() for pattern in allowed]
    found = []
    cleared: dict[str, Step] = {}
    for step in planned.plan.pending:
        if step.action != "create" or step.address not in items:
            continue
        kind, address = kinds[step.at.kind], step.at
        wanted = resolve(items[step.address].values, planned.seen.world.lookup)
        region = (kind.home or primary) if address.region == GLOBAL else address.region
        if not has_unknown(wanted):
            there = list(kind.taken_by(aws, region, wanted))
            if there and kind.clears and _named(step, patterns):
                cleared[step.address] = _clearing(step, kind.clears, there)
            else:
                found += [_taken(step, kind.title, one, clears=bool(kind.clears)) for one in there]
            found += [_refused(step, why, fix) for why, fix in kind.refused(aws, region, wanted)]
    steps = tuple(cleared.get(step.address, step) for step in planned.plan.steps)
    return planned.plan.model_copy(update={"steps": steps}), found


def against_held_names(kinds: Kinds, plan: Plan, world: World) -> list[Problem]:
    """Problems with renames to a name that something else has: of others, or of one that wants this one's name."""
    found = []
    left = {step.at: step.leaves for step in plan.pending if step.leaves}
    for step in plan.pending:
        rival, title, holder = world.moved.get(step.at), kinds[step.at.kind].title, world.holders.get(step.at)
        if step.action == "update" and rival is not None:
            found.append(_taken(step, title, " ".join(rival.ids.values())))
        elif holder in left and step.action in TAKING:
            found.append(_taken(step, title, " ".join(left[holder].values()), f"which {holder} is to leave as it is"))
        elif step.action in TAKING and in_circle(world, step.at):
            found.append(_exchanged(step, str(world.holders[step.at])))
    return found


def _exchanged(step: Step, holder: str) -> Problem:
    return Problem(
        code="names-exchanged",
        summary="Two resources are to exchange their names",
        detail=f"{step.address} is to get the name that {holder} has, and AWS takes no name twice",
        at=step.address,
        fix="Rename one of them to a third name first, in the AWS console or in the config with sbctl state rename.",
        exit=Exit.REFUSED,
    )


def _clearing(step: Step, field: str, there: list[str]) -> Step:
    """The step with what is deleted in its change."""
    change = FieldChange(
        field=field, before=None, after=there, notes=(f"{', '.join(there)} is deleted in the same change",)
    )
    wanted = {**(step.wanted or {}), field: there}
    return step.model_copy(update={"wanted": wanted, "changes": (*step.changes, change)})


def _refused(step: Step, why: str, fix: str) -> Problem:
    return Problem(
        code="creation-refused",
        summary="AWS would refuse to create a resource",
        detail=why,
        at=step.address,
        fix=fix,
        exit=Exit.REFUSED,
    )


def _taken(
    step: Step, title: str, there: str, whose: str = "which sbctl did not make", *, clears: bool = False
) -> Problem:
    allow = f", or let sbctl delete it in the same change: sbctl deploy --allow '{step.address}'" if clears else ""
    return Problem(
        code="name-taken",
        summary="Something of others is in the place of what is to be created",
        detail=f"the {title} cannot be {step.action}d beside {there}, {whose}",
        at=step.address,
        fix=f"Delete what is there, or choose another name in the config{allow}.",
        exit=Exit.REFUSED,
    )


def against_staleness(plan: Plan, state: State, config_digest: str, account: str) -> list[Problem]:
    """Whether a saved plan still rests on the state, config and account that it was made on."""
    moved = []
    unborn = not plan.lineage and state.serial == 0 and not state.records
    if plan.lineage != state.lineage and not unborn:
        moved.append("it was made for another state (lineage differs)")
    elif plan.serial != state.serial:
        moved.append(f"the state moved on from serial {plan.serial} to {state.serial}")
    if plan.config_digest != config_digest:
        moved.append("the config, flows or Lambda sources changed")
    if plan.account != account:
        moved.append(f"it was made for account {plan.account}, the config names {account}")
    if not moved:
        return []
    return [
        Problem(
            code="stale-plan",
            summary="The saved plan is stale",
            detail="; ".join(moved),
            at="the plan",
            fix="Make a new one: sbctl plan --out FILE",
            exit=Exit.STALE,
        )
    ]


def against_unknown_places(plan: Plan, kinds: Kinds, regions: Iterable[str], state: State) -> list[Problem]:
    """Whether a saved plan names kinds that there are, in regions of the project or of what it once deployed."""
    known = {GLOBAL, *regions, *(record.at.region for record in state.records.values())}
    return [
        Problem(
            code="not-a-plan",
            summary="This file is not a plan that can be applied",
            detail=f"this project has no {'kind' if step.at.kind not in kinds else 'region'} of this address",
            at=step.address,
            fix="Make one with: sbctl plan --out FILE",
            exit=Exit.USAGE,
        )
        for step in plan.steps
        if step.at.kind not in kinds or step.at.region not in known
    ]


def against_foreign_account(
    aws: AwsCalls, account: str, regions: Sequence[str], at: str, next_after: float | None = None
) -> list[Problem]:
    """Whether the credentials belong to the account that the config names, at `at`.

    Asks STS in the first of the regions that answers (engine/caller.py says what `next_after` is). Raises AwsError.
    """
    return _unless_ours(account_of(aws, regions, next_after), account, at)


def against_foreign_account_in(aws: AwsCalls, account: str, region: str, at: str) -> list[Problem]:
    """The same where a failover by force waits for nobody: one region is asked, and what does not know the caller is a note.

    AWS's answer that the credentials are no good is raised as AwsError. Silence, or a fault of STS, stops nothing
    (docs/reference/security.md says why).
    """
    try:
        return _unless_ours(account_of(aws, (region,)), account, at)
    except AwsError as error:
        if error.denied:
            raise
        return [_unconfirmed(error, account, at)]


def _unless_ours(caller: str, account: str, at: str) -> list[Problem]:
    if caller == account:
        return []
    return [
        Problem(
            code="wrong-account",
            summary="The credentials belong to another account",
            detail=f"the account is to be {account}, the caller is of {caller}",
            at=at,
            fix="Use --profile with credentials of the configured account, or correct `account`.",
            exit=Exit.REFUSED,
        )
    ]


def _unconfirmed(error: AwsError, account: str, at: str) -> Problem:
    said = error.message if error.unreachable else f"{error.code}: {error.message}"
    return Problem(
        code="account-unconfirmed",
        summary="Nobody could say whose credentials these are",
        detail=f"STS in {error.region}: {said}. A failover by force does not wait for it; account {account} is taken for granted",
        at=at,
        fix="sbctl status shows whether the region took over; where the credentials are of another account, it did not.",
        exit=Exit.DONE,
    )


def against_foreign_endpoint(made_in: str, endpoint: str, at: str) -> list[Problem]:
    """Whether what was made in the sandbox is used on AWS, or the other way.

    Other endpoints may be anything (a proxy, a stand-in).
    """
    if {made_in, endpoint} != {"aws", "sandbox"}:
        return []
    remedy = f"Ask there: {AGAIN} --sandbox" if made_in == "sandbox" else "Leave --sandbox and the endpoint's URL out"
    return [
        Problem(
            code="wrong-endpoint",
            summary="The state belongs to another world",
            detail=f"what it records was made in {_WORLDS[made_in]}, and this run would act on {_WORLDS[endpoint]}",
            at=at,
            fix=f"{remedy}, or keep another state for it: --state DIR",
            exit=Exit.REFUSED,
        )
    ]


_WORLDS = {"aws": "AWS", "sandbox": "the sandbox"}


def _named(step: Step, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(step.address, pattern) for pattern in patterns)


def _protected(step: Step) -> Problem:
    does = "no longer manage what is there" if step.leaves else f"{step.action} it"
    return Problem(
        code="protected",
        summary="Deleting this loses data and must be named",
        detail=f"the plan would {does}: {step.reason}" if step.reason else f"the plan would {does}",
        at=step.address,
        fix=f"{AGAIN} --allow {step.address}",
        exit=Exit.REFUSED,
    )


def _too_many(steps: list[Step], limit: int, hint: str) -> Problem:
    shown = _listed([step.address for step in steps], ", ")
    return Problem(
        code="too-many-deletes",
        summary="The plan deletes more than is allowed",
        detail=f"{counted(len(steps), 'delete')}, at most {limit} allowed: {shown}{hint}",
        at="the plan",
        fix=f"If that is what you want: {AGAIN} --max-deletes {len(steps)}",
        exit=Exit.REFUSED,
    )
