"""A world that is kept in a folder, served in this process, and what it answers to every question that lists or describes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from sbctl.sandbox.snapshot.opening import Wanted, serve_kept
from tests.sandbox.conftest import Sandbox

ASKING = ("Describe", "Get", "Head", "List", "Lookup")
DRAWN = frozenset(
    {
        "GetFederationToken",
        "GetParametersForImport",
        "GetRandomPassword",
        "GetSessionToken",
        "GetShardIterator",
        "GetUser",  # of the caller, who has none
        "ListSecretVersionIds",  # with the time of the question
    }
)
"""Operations that answer something new each time."""
OWN_ONLY: dict[str, dict[str, Any]] = {
    "GetAccountAuthorizationDetails": {"Filter": ["User", "Role", "Group", "LocalManagedPolicy"]},
    "ListPolicies": {"Scope": "Local"},
}
"""How operations are asked that would list AWS's own policies too: more than a thousand, which nobody keeps."""
GLOBAL = ("iam", "route53", "s3", "sts")


@contextmanager
def kept(folder: Path, **wanted: Any) -> Iterator[Sandbox]:
    """The world of a folder, whose clock stands."""
    with serve_kept(folder, Wanted(**{"speed": 0.0, "limits": False, "zone": "example.com", **wanted})) as running:
        yield Sandbox(running)


def answers(sandbox: Sandbox, services: Mapping[str, Mapping[str, Any]], regions: tuple[str, ...]) -> dict[str, Any]:
    """What each operation that asks says, of all that can be asked with the given parameters; errors by their code."""
    found: dict[str, Any] = {}
    for service, known in services.items():
        for region in regions[:1] if service in GLOBAL else regions:
            client = sandbox.client(service, region)
            for method, operation in client.meta.method_to_api_mapping.items():
                shape = client.meta.service_model.operation_model(operation).input_shape
                needed = shape.required_members if shape else []
                if operation.startswith(ASKING) and operation not in DRAWN and set(needed) <= known.keys():
                    asked = {name: known[name] for name in needed} | OWN_ONLY.get(operation, {})
                    found[f"{service} {region} {operation}"] = _answer(client, method, asked)
    return found


def _answer(client: Any, method: str, asked: Mapping[str, Any]) -> Any:
    try:
        answer = getattr(client, method)(**asked)
    except ClientError as error:
        return error.response["Error"]["Code"]
    answer.pop("ResponseMetadata", None)
    return {name: value.read() if hasattr(value, "read") else value for name, value in answer.items()}
