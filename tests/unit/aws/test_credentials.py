"""Credentials that cannot be had, and settings that are none: told as what they are, before anything is sent."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from botocore import exceptions as boto
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from sbctl.aws.client import Client, ClientSettings
from sbctl.aws.credentials import Credentials
from sbctl.aws.meaning import meaning
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.problem import Exit
from tests.unit.aws.fakes import Raw

ROLE = "role_arn = arn:aws:iam::123456789012:role/x\nsource_profile = b\n"
KEYS = "[profile b]\naws_access_key_id = a\naws_secret_access_key = b\n"
EXPIRED = '{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c", "Expiration": "2020-01-01T00:00:00Z"}'
PROFILES = {
    "process-garbage": "credential_process = /bin/echo garbage",
    "process-list": "credential_process = /bin/echo []",
    "process-missing": "credential_process = /nonexistent/tool",
    "process-fails": "credential_process = /bin/false",
    "process-quotes": 'credential_process = "unclosed',
    "process-expired": f"credential_process = /bin/echo '{EXPIRED}'",
    "process-hangs": "credential_process = /bin/sleep 5",
    "token-file": "web_identity_token_file = /nonexistent\nrole_arn = arn:aws:iam::123456789012:role/x",
    "sso": "sso_start_url = https://x.example/start\nsso_region = us-east-1\nsso_account_id = 123456789012\nsso_role_name = r",
    "mfa": f"{ROLE}mfa_serial = arn:aws:iam::123456789012:mfa/x\n{KEYS}",
    "loop": f"{ROLE}[profile b]\nrole_arn = arn:aws:iam::123456789012:role/y\nsource_profile = a",
}
SETTINGS: Mapping[str, Mapping[str, str]] = {
    "profile": {"AWS_PROFILE": "nosuch"},
    "config-broken": {"AWS_CONFIG_FILE": "no section\n"},
    "config-binary": {"AWS_CONFIG_FILE": "[\x00\x01"},
    "config-twice": {"AWS_CONFIG_FILE": "[default]\nregion = a\n[default]\nregion = b\n"},
    "session-missing": {
        "AWS_CONFIG_FILE": "[profile a]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n",
        "AWS_PROFILE": "a",
    },
    "endpoint-text": {"AWS_ENDPOINT_URL": "nowhere"},
    "endpoint-port": {"AWS_ENDPOINT_URL": "http://127.0.0.1:port"},
    "endpoint-bracket": {"AWS_ENDPOINT_URL": "http://[::1"},
    "endpoint-scheme": {"AWS_ENDPOINT_URL": "ftp://127.0.0.1:9"},
    "endpoint-of-the-service": {"AWS_ENDPOINT_URL_STS": "nowhere"},
    "proxy": {"HTTPS_PROXY": "http://h:port", "https_proxy": "http://h:port"},
    "token-of-two-lines": {"AWS_SESSION_TOKEN": "secret-part\nother", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
    "mode": {"AWS_DEFAULTS_MODE": "odd"},
    "checksum": {"AWS_REQUEST_CHECKSUM_CALCULATION": "odd"},
}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine without AWS settings."""
    for name in os.environ:
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return monkeypatch


def refusal(settings: ClientSettings) -> AwsError:
    with pytest.raises(AwsError) as caught:
        Client(settings).call("sts", "GetCallerIdentity", "us-east-1")
    assert not caught.value.in_doubt
    return caught.value


def never(request: AWSPreparedRequest) -> AWSResponse:
    raise AssertionError(f"{request.url} was asked")


@pytest.mark.parametrize("name", PROFILES)
def test_credentials_that_cannot_be_had_end_with_9(bare: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    """Whatever their provider does: nothing is asked, and no answer of AWS is blamed."""
    config = tmp_path / "aws-config"
    config.write_text(f"[profile a]\n{PROFILES[name]}\n", encoding="utf-8")
    bare.setenv("AWS_CONFIG_FILE", str(config))
    problem = from_aws(refusal(ClientSettings(profile="a", transport=never, credentials_seconds=0.5)))
    assert (problem.exit, problem.code) == (Exit.CREDENTIALS, "access-denied"), problem
    assert "refused" not in problem.summary
    assert problem.detail.endswith("; nothing was sent")


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_that_are_none_end_with_2(bare: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    """They are this machine's; and no secret among them is told."""
    bare.setenv("AWS_ACCESS_KEY_ID", "a")
    bare.setenv("AWS_SECRET_ACCESS_KEY", "b")
    for variable, text in SETTINGS[name].items():
        if variable == "AWS_CONFIG_FILE":
            (tmp_path / "aws-config").write_text(text, encoding="utf-8")
        bare.setenv(variable, str(tmp_path / "aws-config") if variable == "AWS_CONFIG_FILE" else text)
    problem = from_aws(refusal(ClientSettings()))
    assert (problem.exit, problem.code) == (Exit.USAGE, "aws-settings"), problem
    assert "secret-part" not in problem.detail


def test_a_role_that_is_refused_is_told_as_that() -> None:
    """The permission that lacks is the one to assume it, and not that of the call which needed it."""

    class Refusing:
        def get_frozen_credentials(self) -> None:
            said = {"Error": {"Code": "AccessDenied", "Message": "not yours"}}
            raise boto.ClientError(said, "AssumeRole")

        def refresh_needed(self, seconds: int | None = None) -> bool:  # noqa: ARG002
            return True

    class Session:
        def get_credentials(self) -> Refusing:
            return Refusing()

    held = Credentials(Session())
    held.made(lambda: None, "us-east-1")
    with pytest.raises(AwsError) as caught:
        held.renew("us-east-1")
    assert "Allow sts:AssumeRole" in from_aws(caught.value).fix


def test_credentials_that_still_hold_are_used_when_they_cannot_be_renewed_yet() -> None:
    """They are renewed early: that this fails once stops nothing."""

    class Early:
        def get_frozen_credentials(self) -> None:
            raise boto.ConnectTimeoutError(endpoint_url="https://sts")

        def refresh_needed(self, seconds: int | None = None) -> bool:
            return seconds is None

    class Session:
        def get_credentials(self) -> Early:
            return Early()

    held = Credentials(Session())
    assert held.made(lambda: "client", "us-east-1") == "client"
    held.renew("us-east-1")


def test_a_machine_without_room_is_not_a_silent_region() -> None:
    """No file handles are left: that is told, and nothing is tried again."""
    try:
        raise ConnectionError("no new connection") from OSError(errno.EMFILE, "Too many open files")
    except ConnectionError as inner:
        error = boto.EndpointConnectionError(endpoint_url="http://e", error=inner)
    code, message = meaning(error)
    failed = AwsError(code, message, service="s3", operation="ListBuckets", region="us-east-1")
    assert (code, failed.unreachable, from_aws(failed).exit) == ("NoRoom", False, Exit.FAILED)
    assert "ulimit" in from_aws(failed).fix


def test_credentials_that_are_had_are_used(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Those of a program sign the request."""
    good = EXPIRED.replace("2020", "2999").replace('"a"', '"AKIAPROGRAM"')
    config = tmp_path / "aws-config"
    config.write_text(f"[profile a]\ncredential_process = /bin/echo '{good}'\n", encoding="utf-8")
    bare.setenv("AWS_CONFIG_FILE", str(config))
    signed: list[str] = []

    def answers(request: AWSPreparedRequest) -> AWSResponse:
        signed.append(str(request.headers["Authorization"]))
        body = b"<R><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult></R>"
        return AWSResponse(request.url, 200, {}, Raw(body))

    aws_client = Client(ClientSettings(profile="a", transport=answers))
    assert aws_client.call("sts", "GetCallerIdentity", "us-east-1")["Account"] == "1"
    assert "AKIAPROGRAM" in signed[0]
