"""Where credentials come from, as the settings say: link by link, in the order in which they are looked for."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path

import pytest

from sbctl.aws.access import access_of
from sbctl.core.aws.access import Link

EAST, WEST, FRANKFURT = "us-east-1", "us-west-2", "eu-central-1"
CONFIG = """
[default]
region = us-west-2
sso_session = corp
sso_account_id = 123456789012
sso_role_name = admin

[sso-session corp]
sso_region = us-east-1
sso_start_url = https://corp.example/start

[profile old-sso]
sso_region = eu-central-1
sso_start_url = https://old.example/start
sso_account_id = 123456789012
sso_role_name = admin

[profile role]
role_arn = arn:aws:iam::123456789012:role/failover
source_profile = default

[profile two-roles]
role_arn = arn:aws:iam::123456789012:role/second
source_profile = role

[profile legacy]
role_arn = arn:aws:iam::123456789012:role/failover
source_profile = keys
sts_regional_endpoints = legacy

[profile fixed]
role_arn = arn:aws:iam::123456789012:role/failover
source_profile = keys
services = fixed

[services fixed]
sts =
  endpoint_url = https://sts.us-west-2.amazonaws.com

[profile keys]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = secret-part

[profile both]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = secret-part
role_arn = arn:aws:iam::123456789012:role/failover
source_profile = both

[profile token]
role_arn = arn:aws:iam::123456789012:role/failover
web_identity_token_file = /var/token

[profile program]
credential_process = /bin/false

[profile sign-in]
login_session = arn:aws:iam::123456789012:user/a
region = us-east-1

[profile ec2]
role_arn = arn:aws:iam::123456789012:role/failover
credential_source = Ec2InstanceMetadata

[profile ecs]
role_arn = arn:aws:iam::123456789012:role/failover
credential_source = EcsContainer

[profile circle]
role_arn = arn:aws:iam::123456789012:role/failover
source_profile = other

[profile other]
role_arn = arn:aws:iam::123456789012:role/failover
source_profile = circle

[profile empty]
region = us-west-2
"""
WANTED: dict[str, list[tuple[str, str, str, bool]]] = {
    "default": [("sso", "default", EAST, True)],
    "old-sso": [("sso", "old-sso", FRANKFURT, True)],
    "role": [("assume-role", "role", "", True), ("sso", "default", EAST, True)],
    "two-roles": [
        ("assume-role", "two-roles", "", True),
        ("assume-role", "role", "", True),
        ("sso", "default", EAST, True),
    ],
    "legacy": [("assume-role", "legacy", EAST, True), ("keys", "keys", "", True)],
    "fixed": [("assume-role", "fixed", WEST, True), ("keys", "keys", "", True)],
    "keys": [("keys", "keys", "", True)],
    "both": [("assume-role", "both", "", True), ("keys", "both", "", True)],
    "token": [("web-identity", "token", "", True)],
    "program": [("process", "program", "", False)],
    "sign-in": [("login", "sign-in", EAST, True)],
    "ec2": [("assume-role", "ec2", "", True), ("machine", "this machine", "", False)],
    "ecs": [("assume-role", "ecs", "", True), ("container", "this container", "", False)],
    "circle": [
        ("assume-role", "circle", "", True),
        ("assume-role", "other", "", True),
        ("none", "circle", "", False),
    ],
    "empty": [("machine", "this machine", "", False)],
}


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """One with these settings and no others."""
    for name in os.environ:
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    config = tmp_path / "config"
    config.write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    return monkeypatch


def links(tmp_path: Path, profile: str | None = None) -> list[Link]:
    return list(access_of(profile, os.environ, tmp_path))


def short(found: list[Link]) -> list[tuple[str, str, str, bool]]:
    return [(link.source, link.subject, link.region, link.known) for link in found]


@pytest.mark.parametrize("profile", WANTED)
@pytest.mark.parametrize("named", [True, False], ids=["--profile", "AWS_PROFILE"])
def test_a_profile_is_followed_to_its_beginning(
    machine: pytest.MonkeyPatch, tmp_path: Path, profile: str, named: bool
) -> None:
    """Named on the command line or by a variable."""
    if not named:
        machine.setenv("AWS_PROFILE", profile)
    assert short(links(tmp_path, profile if named else None)) == WANTED[profile]


def test_no_secret_is_told(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither of keys in a file nor of those in variables."""
    machine.setenv("AWS_SECRET_ACCESS_KEY", "secret-part")
    assert "secret-part" not in repr([links(tmp_path, profile) for profile in WANTED])


def test_keys_in_variables_come_first_unless_a_profile_is_named(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As botocore has it: --profile outweighs them, AWS_PROFILE does not."""
    machine.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    machine.setenv("AWS_SECRET_ACCESS_KEY", "x")
    machine.setenv("AWS_PROFILE", "old-sso")
    assert short(links(tmp_path)) == [("keys", "the environment", "", True)]
    assert short(links(tmp_path, "role"))[0] == ("assume-role", "role", "", True)
    machine.setenv("AWS_SESSION_TOKEN", "x")
    machine.setenv("AWS_CREDENTIAL_EXPIRATION", "2026-01-01T10:00:00Z")
    (found,) = links(tmp_path)
    assert (found.source, found.until) == ("session-keys", datetime(2026, 1, 1, 10, tzinfo=UTC))


def test_a_token_in_variables_stands_for_a_web_identity(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As a cluster gives it to its pods; a named profile does not look there."""
    machine.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/token")
    machine.setenv("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/pod")
    assert short(links(tmp_path)) == [("web-identity", "the environment", "", True)]
    assert short(links(tmp_path, "keys")) == [("keys", "keys", "", True)]


def test_a_container_and_a_machine_say_their_region(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where AWS's runtime does."""
    machine.setenv("AWS_REGION", EAST)
    assert short(links(tmp_path, "empty")) == [("machine", "this machine", EAST, True)]
    machine.setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")
    assert short(links(tmp_path, "empty")) == [("container", "this container", EAST, True)]


def test_an_endpoint_of_sts_has_its_region(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One of AWS's: the global one is in us-east-1; a stand-in has none."""
    for url, region in {
        "https://sts.amazonaws.com": EAST,
        "https://sts.eu-central-1.amazonaws.com/": FRANKFURT,
        "http://127.0.0.1:4566": "",
    }.items():
        machine.setenv("AWS_ENDPOINT_URL_STS", url)
        assert links(tmp_path, "role")[0].region == region


@pytest.mark.parametrize(
    ("kept", "until"),
    [
        ('{"expiresAt": "2026-01-01T10:00:00Z"}', datetime(2026, 1, 1, 10, tzinfo=UTC)),
        ('{"expiresAt": "2026-01-01T10:00:00UTC"}', datetime(2026, 1, 1, 10, tzinfo=UTC)),
        ('{"expiresAt": "soon"}', None),
        ('{"expiresAt": 5}', None),
        ("[]", None),
        ("no JSON", None),
        ("", None),
    ],
)
def test_until_when_a_sign_in_holds(machine: pytest.MonkeyPatch, tmp_path: Path, kept: str, until: object) -> None:
    """It is kept under the name of the session, as the AWS CLI keeps it."""
    machine.delenv("AWS_PROFILE", raising=False)
    cache = tmp_path / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    (cache / f"{sha1(b'corp').hexdigest()}.json").write_text(kept, encoding="utf-8")
    assert links(tmp_path)[0].until == until


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("text", ["no section\n", "[\x00\x01", "[profile a]\nsso_session = s\n"])
def test_settings_that_cannot_be_read_are_for_the_first_call_to_tell(tmp_path: Path, text: str) -> None:
    """So is a profile that is not there."""
    config = tmp_path / "config"
    config.write_text(text, encoding="utf-8")
    assert all(link.source in ("machine", "sso") for link in links(tmp_path, "a"))
    assert links(tmp_path, "nosuch") == []
    assert json.dumps(short(links(tmp_path)))
