"""A role's credentials while the region that was to give them is silent: asked once, and then of the next region."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sbctl.aws import clients
from sbctl.aws.client import Client, ClientSettings
from sbctl.aws.clients import CREDENTIALS
from sbctl.aws.layers.silence import Silence
from sbctl.core.aws.error import AwsError
from tests.unit.aws.fakes import http

EAST, WEST = "us-east-1", "us-west-2"
ROLE = """
[profile a]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = b
[profile b]
aws_access_key_id = a
aws_secret_access_key = b
"""
GIVEN = b"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>k</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""


class Sts:
    """Cuts the connections of the first so many, and gives credentials to the others."""

    def __init__(self, silent: int) -> None:
        self.silent = silent
        self.asked = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                self.asked += 1
                connection.recv(65536)
                if self.asked > self.silent:
                    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(GIVEN)}\r\nConnection: close\r\n\r\n"
                    connection.sendall(head.encode() + GIVEN)

    def close(self) -> None:
        self._server.close()


@contextmanager
def serving(silent: int) -> Iterator[Sts]:
    sts = Sts(silent)
    try:
        yield sts
    finally:
        sts.close()


@pytest.fixture
def role(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine with a profile that takes a role."""
    for name in os.environ:
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    (tmp_path / "config").write_text(ROLE, encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return monkeypatch


def ask(aws_client: Client, region: str) -> str:
    """ "" for an answer, else what was the matter."""
    try:
        aws_client.call("dynamodb", "ListTables", region)
    except AwsError as error:
        assert not error.asked
        return error.message
    return ""


def test_another_region_gives_what_the_first_one_does_not(role: pytest.MonkeyPatch) -> None:
    """One request for the region that is silent; with the next one's all are signed, also for the first."""
    with serving(silent=1) as sts, http(200, {}, b'{"TableNames": []}') as tables:
        role.setenv("AWS_ENDPOINT_URL_STS", sts.url)
        role.setenv("AWS_ENDPOINT_URL_DYNAMODB", tables)
        silence = Silence()
        aws_client = Client(ClientSettings(profile="a"), silence)
        assert "what gives the credentials" in ask(aws_client, EAST)
        assert silence.why((CREDENTIALS, EAST)) is not None
        assert silence.why(("dynamodb", EAST)) is None
        assert [ask(aws_client, WEST), ask(aws_client, EAST)] == ["", ""]
        assert sts.asked == 2


def test_a_region_is_asked_once_for_credentials(role: pytest.MonkeyPatch) -> None:
    """However many calls need them; and again when the run forgets."""
    with serving(silent=100) as sts:
        role.setenv("AWS_ENDPOINT_URL_STS", sts.url)
        silence = Silence()
        aws_client = Client(ClientSettings(profile="a"), silence)
        assert all(ask(aws_client, region) for region in (EAST, EAST, WEST, EAST, WEST))
        assert sts.asked == 2
        silence.forget()
        assert ask(aws_client, EAST)
        assert sts.asked == 3


def test_the_time_out_of_providers_is_not_multiplied() -> None:
    """botocore's own would be a minute, five times."""
    config = clients.OF_PROVIDERS
    assert config.retries == {"total_max_attempts": 1, "mode": "standard"}
    assert (config.connect_timeout, config.read_timeout) == (clients.PROVIDER_SECONDS, clients.PROVIDER_SECONDS)
