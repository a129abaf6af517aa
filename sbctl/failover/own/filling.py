"""Fills the placeholders of one action, and remembers every secret that it put in, so that none is told afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.text.cut import cut
from sbctl.core.text.placeholders import filled, filled_in, placeholders, secret_arn, sort_of, texts_in
from sbctl.core.text.secrets import looks_secret, scrubbed

CALLS: frozenset[str] = frozenset({"secretsmanager:GetSecretValue"})
SHOWN = 500
"""Characters of what a step said that are kept."""


class NotFilled(Exception):  # noqa: N818 - says what is so
    """A placeholder has no value; the text says which. `passing`: it may have one another time."""

    def __init__(self, why: str, *, passing: bool = False) -> None:
        super().__init__(why)
        self.passing = passing


@dataclass
class Filling:
    """What texts are filled with: facts of the move, the operator's environment, secrets of the target region."""

    facts: Mapping[str, str]
    environment: Mapping[str, str]
    aws: AwsCalls
    region: str
    _secrets: set[str] = field(default_factory=set)

    def text(self, template: str) -> str:
        """The text. Raises NotFilled."""
        return filled(template, self._value)

    def value(self, template: Any) -> Any:
        """A JSON value. Raises NotFilled."""
        return filled_in(template, self.text)

    def for_url(self) -> Filling:
        """The same for an address, in which facts are percent-encoded; secrets are remembered here."""
        return replace(self, facts={name: quote(one, safe="") for name, one in self.facts.items()})

    def told(self, text: str, *, whole: bool = True) -> str:
        """What a step said: in one line, cut, and without secrets."""
        inherited = {value for name, value in self.environment.items() if looks_secret(name, value)}
        known = self._secrets | inherited
        clean = scrubbed(text, known)
        if not whole:  # the last secret may have been cut in two
            clean = clean[: max(0, len(clean) - max(map(len, known), default=0))]
        return cut(" ".join("".join(one if one.isprintable() else " " for one in clean).split()), SHOWN)

    def _value(self, inner: str) -> str:
        match sort_of(inner):
            case "fact":
                return self.facts.get(inner, "")
            case "env":
                return self._of_environment(inner.partition(":")[2])
            case "secret":
                return self._of_secrets_manager(inner)
            case _:
                raise NotFilled(f"${{{inner}}} is no placeholder that sbctl knows")

    def _of_environment(self, name: str) -> str:
        found = self.environment.get(name)
        if not found:
            raise NotFilled(f"the environment variable {name} is not set")
        self._secrets.add(found)
        return found

    def _of_secrets_manager(self, inner: str) -> str:
        arn, region, key, stage, version = secret_arn(inner)
        if region != self.region:
            raise NotFilled(f"the secret {arn} is in {region}, and this move goes to {self.region}")
        more = {"VersionStage": stage} if stage else {}
        more |= {"VersionId": version} if version else {}
        try:
            answer = self.aws.call("secretsmanager", "GetSecretValue", region, SecretId=arn, **more)
        except AwsError as error:
            passing = error.unreachable or error.throttled
            raise NotFilled(
                f"the secret {arn} cannot be read: {error.code}: {error.message}", passing=passing
            ) from error
        return self._read(arn, answer.get("SecretString"), key)

    def _read(self, arn: str, found: Any, key: str) -> str:
        if not isinstance(found, str):
            raise NotFilled(f"the secret {arn} holds bytes and no text")
        self._secrets.add(found)
        if not key:
            return found
        try:
            fields = json.loads(found)
        except ValueError:
            fields = None
        if not isinstance(fields, dict) or not isinstance(fields.get(key), str | int):
            raise NotFilled(f"the secret {arn} holds no JSON text under {key!r}")
        # the whole may be told in parts
        self._secrets |= {str(one) for _, one in texts_in(fields)} | {str(fields[key])}
        return str(fields[key])


def unset(templates: Any, environment: Mapping[str, str]) -> list[str]:
    """The environment variables that texts of a JSON value ask for and that are not set."""
    asked = (inner for _, text in texts_in(templates) for inner in placeholders(text))
    names = (inner.partition(":")[2] for inner in asked if sort_of(inner) == "env")
    return sorted({name for name in names if not environment.get(name)})
