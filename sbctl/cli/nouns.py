"""The noun of each kind's commands, by file name alone, so that --help need not import any kind."""

from __future__ import annotations

from pathlib import Path

SERVICES = ("connect", "dynamodb", "s3", "route53", "cloudwatch", "iam")
"""Left out of nouns; `lambda` stays, since a bare `permission` or `url` says too little."""
SPOKEN = {"lambda_function": "lambda", "connect_lambda": "lambda-association"}
"""Where people say something else than the file's name."""


def noun(kind: str) -> str:
    """`connect_routing_profile` → `routing-profile`: the kind without its service."""
    if kind in SPOKEN:
        return SPOKEN[kind]
    service, _, rest = kind.partition("_")
    return (rest if service in SERVICES else kind).replace("_", "-")


def kind_of_noun() -> dict[str, str]:
    """Noun → kind, for every file in sbctl/resources/."""
    folder = Path(__file__).parent.parent / "resources"
    stems = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    return {noun(stem): stem for stem in stems}
