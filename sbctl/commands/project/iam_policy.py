"""`sbctl iam-policy`: the least that a caller must be allowed for a purpose, as IAM policy documents. Calls nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.core.place import SharedPlace
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.permissions.own_steps import step_statements
from sbctl.permissions.policies import anywhere, documents, size
from sbctl.permissions.purposes import PURPOSES, Purpose, adopting, uses
from sbctl.permissions.scopes import estate
from sbctl.permissions.state_bucket import state_statements
from sbctl.ui.views import Text

EPILOG = epilog_of(
    """
    sbctl iam-policy --for plan > plan.json
    sbctl iam-policy --for deploy --out policies/   one file a policy
    aws iam create-policy --policy-name sbctl-deploy-1 \\
      --policy-document file://policies/deploy-1.json
    """,
    "0 done, 2 usage or config",
)


@click.command(epilog=EPILOG)
@click.option(
    "--for",
    "purpose",
    type=click.Choice(list(PURPOSES)),
    default="deploy",
    show_default=True,
    help="Purpose of the policy.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write each policy to a file in this folder.",
)
@command("iam-policy")
def iam_policy(app: App, purpose: str, out: Path | None) -> Report:
    """Generate a least-privilege IAM policy.

    Allows the calls that sbctl declares, on the resources of this project; for adopt, on every resource. If a document would be
    longer than AWS allows (6,144 characters), stdout has a list of several: attach them all.
    """
    found = _documents(app, cast("Purpose", purpose))
    policies = [
        {"name": f"{purpose}-{number}", "size": size(document), "document": document}
        for number, document in enumerate(found, 1)
    ]
    data: dict[str, Any] = {"purpose": purpose, "meaning": PURPOSES[cast("Purpose", purpose)], "policies": policies}
    if out is not None:
        data["written"] = [str(_write(out, policy)) for policy in policies]
        return Report(command="iam-policy", data=data, view=Text("\n".join(data["written"])))
    shown = found[0] if len(found) == 1 else found
    return Report(command="iam-policy", data=data, view=Text(json.dumps(shown, indent=2)))


def _documents(app: App, purpose: Purpose) -> list[dict[str, Any]]:
    if purpose == "adopt":
        return anywhere(adopting(app.kinds.values()))
    loaded = app.loaded
    used = uses(purpose, loaded.project, app.kinds.values())
    place = app.place
    more = state_statements(place, purpose) if isinstance(place, SharedPlace) else []
    more = [*more, *step_statements(loaded.project, purpose)]
    return documents(used, estate(loaded.project, loaded.desired, app.store.load()), more)


def _write(folder: Path, policy: dict[str, Any]) -> Path:
    path = folder / f"{policy['name']}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(policy["document"], indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        problem = Problem(
            code="cannot-write",
            summary="The file cannot be written",
            detail=str(error),
            at=str(path),
            fix="Name a folder in which files may be written.",
            exit=Exit.USAGE,
        )
        raise SbctlError(problem) from error
    return path
