"""Where the credentials come from, read from the environment and the profile alone, in botocore's order. Nothing is asked or run.

https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import botocore.session
from botocore.exceptions import BotoCoreError

from sbctl.core.aws.access import Link
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.files.regular import read_regular

HOST = re.compile(r"^https?://sts(?:-fips)?\.(?:([a-z0-9-]+)\.)?amazonaws\.com")
ENVIRONMENT = "the environment"
SOURCES = {"Ec2InstanceMetadata": "machine", "EcsContainer": "container", "Environment": "environment"}


def access_of(profile: str | None, environment: Mapping[str, str], home: Path) -> tuple[Link, ...]:
    """The links, from what signs requests to what stands behind it all. `profile` is the one that was named; None for none.

    Nothing where the settings cannot be read: the first call tells why.
    """
    try:
        return _links(profile, environment, home)
    except (BotoCoreError, ValueError, OSError):
        return ()


def _links(profile: str | None, environment: Mapping[str, str], home: Path) -> tuple[Link, ...]:
    session = botocore.session.Session()
    if profile:
        session.set_config_variable("profile", profile)
    name = str(session.get_config_variable("profile") or "default")
    reading = _Reading(
        full=session.full_config,
        environment=environment,
        sso_cache=home / ".aws" / "sso" / "cache",
        global_sts=session.get_config_variable("sts_regional_endpoints") == "legacy",
        region=str(session.get_config_variable("region") or ""),
    )
    if not profile and (found := reading.keys_of_environment()):
        return (found,)
    return tuple(reading.links(name, first=not profile))


@dataclass(frozen=True)
class _Reading:
    """The settings as botocore reads them, and what else tells without being asked."""

    full: Mapping[str, Any]
    environment: Mapping[str, str]
    sso_cache: Path
    global_sts: bool
    region: str

    def keys_of_environment(self) -> Link | None:
        """Keys in variables come first."""
        if not self.environment.get("AWS_ACCESS_KEY_ID"):
            return None
        if not self.environment.get("AWS_SESSION_TOKEN"):
            return Link("keys", ENVIRONMENT)
        return Link("session-keys", ENVIRONMENT, until=_time(self.environment.get("AWS_CREDENTIAL_EXPIRATION")))

    def links(self, name: str, *, first: bool, seen: frozenset[str] = frozenset()) -> Iterator[Link]:
        """Those of a profile. `first` is whether variables may stand for a web identity, as they do for no named profile."""
        profile = self._profile(name)
        static = bool(seen) and "aws_access_key_id" in profile
        if "role_arn" in profile and "web_identity_token_file" not in profile and not static:
            yield self._role(name, profile)
            yield from self._behind(name, profile, seen | {name})
            return
        found = self._web_identity(name, profile, first=first) or self._of_profile(name, profile)
        yield found or self._of_machine()

    def _behind(self, name: str, profile: Mapping[str, Any], seen: frozenset[str]) -> Iterator[Link]:
        """What signs the request for a role."""
        source = str(profile.get("source_profile") or "")
        if not source:
            yield self._named(str(profile.get("credential_source") or ""))
        elif source not in seen:
            yield from self.links(source, first=False, seen=seen)
        elif source == name and (own := self._of_profile(name, profile)):
            yield own
        else:
            yield Link("none", source, known=False, detail="the profiles name each other in a circle")

    def _named(self, source: str) -> Link:
        match SOURCES.get(source, ""):
            case "environment":
                return self.keys_of_environment() or Link("none", ENVIRONMENT, known=False)
            case "container":
                return self._container()
        return self._machine()

    def _of_profile(self, name: str, profile: Mapping[str, Any]) -> Link | None:
        if "sso_account_id" in profile or "sso_role_name" in profile:
            return self._sso(name, profile)
        if "aws_access_key_id" in profile:
            return Link("session-keys" if profile.get("aws_session_token") else "keys", name)
        if "login_session" in profile:
            where = str(profile.get("region") or self.region)
            return Link("login", name, region=where, known=bool(where))
        if "credential_process" in profile:
            return Link("process", name, known=False)
        return None

    def _role(self, name: str, profile: Mapping[str, Any]) -> Link:
        return Link("assume-role", name, self._sts(profile), detail=str(profile["role_arn"]))

    def _web_identity(self, name: str, profile: Mapping[str, Any], *, first: bool) -> Link | None:
        file = profile.get("web_identity_token_file")
        if not file and first:
            file, name = self.environment.get("AWS_WEB_IDENTITY_TOKEN_FILE"), ENVIRONMENT
        return Link("web-identity", name, self._sts(profile), detail=str(file)) if file else None

    def _sso(self, name: str, profile: Mapping[str, Any]) -> Link:
        session = str(profile.get("sso_session") or "")
        of = self.full.get("sso_sessions", {}).get(session, {}) if session else profile
        key = session or str(of.get("sso_start_url") or "")
        where = str(of.get("sso_region") or "")
        return Link("sso", name, where, known=bool(where), until=self._signed_in(key))

    def _signed_in(self, key: str) -> datetime | None:
        """Until when a sign-in is kept; None where there is none that can be read."""
        name = hashlib.sha1(key.encode()).hexdigest()  # as the AWS CLI names it
        try:
            found = json.loads(read_regular(self.sso_cache / f"{name}.json"))
        except (OSError, ValueError):
            return None
        return _time(found.get("expiresAt")) if isinstance(found, dict) else None

    def _of_machine(self) -> Link:
        named = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
        return self._container() if any(self.environment.get(one) for one in named) else self._machine()

    def _container(self) -> Link:
        return Link("container", "this container", self._here(), known=bool(self._here()))

    def _machine(self) -> Link:
        if self.environment.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true":
            return Link("none", ENVIRONMENT, known=False, detail="there are no credentials")
        return Link("machine", "this machine", self._here(), known=bool(self._here()))

    def _here(self) -> str:
        """The region in which this program runs, as AWS's own runtimes say it."""
        return self.environment.get("AWS_REGION", "")

    def _sts(self, profile: Mapping[str, Any]) -> str:
        """The region of the STS that is asked; "" for that of the call."""
        given = self.environment.get("AWS_ENDPOINT_URL_STS") or _endpoint(self.full, profile)
        if given:
            host = HOST.match(given)
            return "" if host is None else host[1] or HOME_OF_GLOBAL_SERVICES
        return HOME_OF_GLOBAL_SERVICES if self.global_sts else ""

    def _profile(self, name: str) -> Mapping[str, Any]:
        found = self.full.get("profiles", {}).get(name, {})
        return found if isinstance(found, Mapping) else {}


def _endpoint(full: Mapping[str, Any], profile: Mapping[str, Any]) -> str:
    services = full.get("services", {}).get(str(profile.get("services") or ""), {})
    own = services.get("sts", {}) if isinstance(services, Mapping) else {}
    return str((own.get("endpoint_url") if isinstance(own, Mapping) else "") or profile.get("endpoint_url") or "")


def _time(text: Any) -> datetime | None:
    """A time with its zone; None for anything else."""
    try:
        found = datetime.fromisoformat(str(text).replace("UTC", "Z").replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else None
