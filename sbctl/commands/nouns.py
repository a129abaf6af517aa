"""The noun of each kind's commands, by file name alone, so that --help need not import any kind."""

from __future__ import annotations

from pathlib import Path

SERVICES = ("connect", "dynamodb", "s3", "route53", "cloudwatch", "iam", "lambda")


def noun(kind: str) -> str:
    """`connect_routing_profile` → `routing-profile`: the kind without its service."""
    service, _, rest = kind.partition("_")
    return (rest if service in SERVICES else kind).replace("_", "-")


def kind_of_noun() -> dict[str, str]:
    """Noun → kind, for every file in sbctl/resources/."""
    folder = Path(__file__).parent.parent / "resources"
    stems = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    return {noun(stem): stem for stem in stems}
