"""What a plan may not do without being told: delete too much or what holds data, rest on a stale or foreign state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from sbctl.core.address import GLOBAL
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.plan import Plan, Step
from sbctl.core.problem import AGAIN, Exit, Problem
from sbctl.core.state import State
from sbctl.core.text.counted import counted
from sbctl.engine.caller import account_of
from sbctl.engine.matching.targets import Kinds
from sbctl.engine.planning.allowing import again

THE_PLAN = "the plan"
NAME_IT = (
    'Name the place of that state: --state PLACE, or "state" in regions.json. Where it is lost: sbctl state rebuild'
)
FEW = 3
"""Up to so many are told one by one, each with its reason; more are one problem."""


def against_deletes(plan: Plan, kinds: Kinds, allowed: Iterable[str], max_deletes: int | None) -> list[Problem]:
    """Problems with what the plan deletes. `allowed` are addresses or patterns (`dynamodb_table.*`) named by the user.

    `max_deletes` None means any number. Each has the whole command that passes all of them.
    """
    patterns = [pattern.lower() for pattern in allowed]
    losing = [step for step in plan.pending if step.action in ("delete", "replace") or step.leaves]
    unnamed = [step for step in losing if not named(step, patterns)]
    protected = [step for step in unnamed if kinds[step.at.kind].protected]
    others = len(unnamed) - len(protected)
    most = others if max_deletes is not None and others > max_deletes else None
    command = again(_names(protected), most)
    if len(protected) > FEW:
        losses = dict.fromkeys(filter(None, (kinds[step.at.kind].loses for step in protected)))
        found = [_protected(THE_PLAN, "; ".join([_together(protected), *losses]), command)]
    else:
        found = [_protected(step.address, _reason(step, kinds[step.at.kind].loses), command) for step in protected]
    if max_deletes is not None and len(unnamed) > max_deletes:
        found.append(_too_many(unnamed, max_deletes, _renamed(plan, kinds, unnamed), command))
    return found


def against_claims(plan: Plan, kinds: Kinds, allowed: Iterable[str]) -> list[Problem]:
    """Problems with creations that cost at once and for which there is no way back, unless the user named them.

    A replacement is guarded as the deletion that it begins with.
    """
    patterns = [pattern.lower() for pattern in allowed]
    created = [step for step in plan.pending if step.action == "create" and kinds[step.at.kind].claims]
    unnamed = [step for step in created if not named(step, patterns)]
    if not unnamed:
        return []
    command = again(_names(unnamed))
    reasons = [*dict.fromkeys(kinds[step.at.kind].claims for step in unnamed)]
    if len(unnamed) == 1:
        return [_unnamed_claim(unnamed[0].address, reasons[0], command)]
    return [_unnamed_claim(THE_PLAN, "; ".join([_together(unnamed), *reasons]), command)]


def _unnamed_claim(at: str, detail: str, command: str) -> Problem:
    return Problem(
        code="claim-not-allowed",
        summary="Claiming this must be allowed by name",
        detail=detail,
        at=at,
        fix=command,
        exit=Exit.REFUSED,
    )


def _renamed(plan: Plan, kinds: Kinds, losing: Iterable[Step]) -> str:
    """What to do where some are deleted and others of their kind are created: perhaps items only got other names.

    Which became which is certain only where there is one of each; nothing is suggested that could be another item's. What no
    section of the config names, such as the checks of a region, has no name that a user could have changed.
    """
    lost = (step for step in losing if step.action == "delete" and kinds[step.at.kind].section)
    gone, made = _by_place(lost), _by_place(_created(plan))
    places = [place for place in gone if place in made]
    sure = [f"sbctl state rename {gone[place][0]} {made[place][0]}" for place in places if _is_pair(place, gone, made)]
    if sure:
        return f". Where an item only got another name: {listed(sure, '; ')}"
    if places:
        old, new = gone[places[0]][0], made[places[0]]
        return f". Where an item only got another name: {listed([f'sbctl state rename {old} {one}' for one in new], ' or ')}"
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


def listed(texts: Sequence[str], by: str) -> str:
    """The first five of them."""
    return by.join(texts[:5]) + (f"{by.rstrip()} …" if len(texts) > 5 else "")


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
            at=THE_PLAN,
            fix="Make a new one: sbctl plan --out FILE",
            exit=Exit.STALE,
        )
    ]


def against_second_state(plan: Plan, state: State, where: str) -> list[Problem]:
    """Whether an empty state would take what another state of the project has made: a clone that does not know its place."""
    if state.records or state.serial:
        return []
    made = [step for step in plan.steps if step.action == "adopt" and step.at.known_as(step.owner)]
    if not made:
        return []
    return [
        Problem(
            code="second-state",
            summary="Another state of this project has made resources that are here",
            detail=f"{where} is empty, and {counted(len(made), 'resource')} of the plan carry the project's tags: "
            + listed([step.address for step in made], ", "),
            at=where,
            fix=NAME_IT,
            exit=Exit.REFUSED,
        )
    ]


def never_written(state: State, where: str) -> list[Problem]:
    """A note for who destroys what an empty state records: nothing, whatever another state of the project has."""
    if state.records or state.serial:
        return []
    return [
        Problem(
            code="nothing-recorded",
            summary="This state has never recorded a resource",
            detail=f"{where}: resources that another state of the project records stay",
            at=where,
            fix=NAME_IT,
            exit=Exit.DONE,
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
        summary="Could not verify the AWS account",
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
            summary="The state belongs to another endpoint",
            detail=f"what it records was made in {_WORLDS[made_in]}, and this run would act on {_WORLDS[endpoint]}",
            at=at,
            fix=f"{remedy}, or keep another state for it: --state DIR",
            exit=Exit.REFUSED,
        )
    ]


_WORLDS = {"aws": "AWS", "sandbox": "the sandbox"}


def named(step: Step, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(step.address, pattern) for pattern in patterns)


def _reason(step: Step, loses: str = "") -> str:
    does = "no longer manage what is there" if step.leaves else f"{step.action} it"
    why = "" if step.leaves else loses
    return "; ".join(filter(None, [f"the plan would {does}{f': {step.reason}' if step.reason else ''}", why]))


def _protected(at: str, detail: str, command: str) -> Problem:
    return Problem(
        code="protected",
        summary="Deleting this loses data and must be named",
        detail=detail,
        at=at,
        fix=command,
        exit=Exit.REFUSED,
    )


def _names(protected: Sequence[Step]) -> Iterator[str]:
    """What names them: an address each, or where a kind has more than a few of them all of that kind."""
    counts = Counter(step.at.kind for step in protected)
    for step in protected:
        yield step.address if counts[step.at.kind] <= FEW else f"{step.at.kind}.*"


def _together(protected: Sequence[Step]) -> str:
    counts = Counter(step.at.kind for step in protected)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    return f"{counted(len(protected), 'resource')} ({kinds}): {listed([step.address for step in protected], ', ')}"


def _too_many(steps: list[Step], limit: int, hint: str, command: str) -> Problem:
    shown = listed([step.address for step in steps], ", ")
    return Problem(
        code="too-many-deletes",
        summary="The plan deletes more than is allowed",
        detail=f"{counted(len(steps), 'delete')}, at most {limit} allowed: {shown}{hint}",
        at=THE_PLAN,
        fix=f"If that is what you want: {command}",
        exit=Exit.REFUSED,
    )
