"""What a look had to read one by one, since this caller or endpoint does not give it in pages: slower, and all the same right."""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.core.aws.error import AwsError
from sbctl.core.aws.one_look import OneLook
from sbctl.core.problem import Exit, Problem


def one_by_one(look: OneLook) -> Iterator[Problem]:
    """A note for tags and one for roles; none of a region that does not answer at all, which is a problem of its own."""
    for what, refused in (("tags", look.without_pages), ("roles", look.without_roles)):
        told = {region: error for region, error in refused.items() if not error.regional and not error.unknown_caller}
        if told:
            yield _note(what, told)


def _note(what: str, refused: dict[str, AwsError]) -> Problem:
    first = next(iter(refused.values()))
    action = "tag:GetResources" if what == "tags" else "iam:GetAccountAuthorizationDetails"
    allow = f"Allow {action} to this caller; `sbctl iam-policy` writes the policies that sbctl needs."
    offered = "Nothing to do: the endpoint does not offer it, and sbctl works without it."
    return Problem(
        code="read-one-by-one",
        summary=f"sbctl read {what} one by one",
        detail=f"{action} failed in {', '.join(sorted(refused))}: {first.code}. Plans make more calls and take longer",
        fix=allow if first.denied else offered,
        exit=Exit.DONE,
    )
