"""Secrets enter nothing that sbctl writes, shows or logs, and a config does not hold any."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sbctl.app import App, Settings
from sbctl.aws.client import Client, ClientSettings
from sbctl.cli.run import run
from sbctl.core.aws.error import AwsError
from sbctl.core.events import silent
from sbctl.core.report import Report
from sbctl.core.text.secrets import HIDDEN, looks_secret, redacted, scrubbed, without_secrets
from sbctl.main import cli
from sbctl.resources.functions.function import live_function
from sbctl.resources.lambda_function import RESOURCE as FUNCTION
from sbctl.sandbox.http.server import Running
from sbctl.sandbox.world import WorldSettings
from tests.sandbox.projects import CONFIG, small_project
from tests.unit.aws.fakes import http
from tests.unit.resources.aws.projects import EAST, project
from tests.worlds import empty_world

KEY_ID, SECRET, SESSION = "ASIA" + "EXAMPLE0EXAMPLE0", "wJalr/EXAMPLE/SECRETKEY", "FwoGZXIvYXdzEXAMPLETOKEN"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": SESSION}
SECRETS = {
    "KEY": KEY_ID,
    "DSN": "postgres://app:hunter2@db.example.com/app",
    "PEM": "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
    "GITHUB": "ghp_" + "a" * 36,
    "JWT": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc",
    "DB_PASSWORD": "correct horse",
    "CRM_API_KEY": "0123456789abcdef",
    "token": "abcdefgh",
    "MYSQL_PWD": "correct horse",
    "PGPASS": "x" * 8 + "://u:p@h",
    "SMTP_PASS": "correct horse",
    "DB_PASSWORD_2": "correct horse",
    "dbPassword": "correct horse",
    "KEYS_PASSPHRASE": "correct horse",
    "SLACK_KEY": "0123456789abcdef",
    "BOT": "xoxb-" + "1" * 12 + "-" + "a" * 24,
    "SOCKET": "xapp-1-" + "A" * 11 + "-" + "1" * 13,
    "HOOK": "https://hooks.slack.com/" + "services/T0/B0/" + "x" * 24,
    "MAIL": "SG." + "a" * 22 + "." + "b" * 43,
    "MAPS": "AIza" + "B" * 35,
    "CALLS": "SK" + "0a" * 16,
    "STORAGE": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + "A" * 86 + "==",
    "REGISTRY": "npm_" + "a" * 36,
}
NONE = {
    "REGION": "us-east-1",
    "DB_PASSWORD": "/prod/db/password",
    "CRM_TOKEN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:crm",
    "TOKEN_TABLE": "tokens-in-a-table",
    "CUSTOMERS_TABLE": "${table:customers-global}",
    "MAX_TOKEN": "4096",
    "PWD": "/var/task",
    "ENCRYPTION_KEY": "${bucket:keys}",
    "PARTITION_KEY": "CustomerId-and-more",
    "COMPASS": "north-north-west",
    "TICKET": "SK-2024-000012345678",
    "PAGE": "https://example.com/a:b@c",
}


@pytest.mark.parametrize("name", SECRETS)
def test_what_looks_like_a_secret_is_one(name: str) -> None:
    """By its form whatever it is called, or by its name."""
    assert looks_secret(name, SECRETS[name])


@pytest.mark.parametrize("name", NONE)
def test_what_says_where_a_secret_is_is_none(name: str) -> None:
    """Names of parameters, ARNs, and values that merely have to do with tokens."""
    assert not looks_secret(name, NONE[name])


def test_a_config_with_a_secret_is_refused() -> None:
    """In the item and in a region's override: told by its place, and without the value."""
    (item, *_) = FUNCTION.defaults(project())
    there = item.model_copy(update={"environment": {**item.environment, "DB_PASSWORD": "correct horse"}})
    override = {"environment": {"CRM_API_KEY": "0123456789abcdef"}}
    here = item.model_copy(update={"overrides": {EAST.region: override}})
    for wrong, at in ((there, "environment.DB_PASSWORD"), (here, "environment.CRM_API_KEY")):
        ((field, said, fix),) = FUNCTION.check(wrong, project())
        assert field == at
        assert "Secrets Manager" in fix
        assert "correct horse" not in said + fix
    assert [*FUNCTION.check(item, project())] == []


def test_what_others_set_by_hand_is_not_read_into_plans() -> None:
    """A variable that somebody added in AWS is a difference, and its value stays where it is."""
    configuration: dict[str, Any] = {
        "FunctionName": "f", "Role": "r", "CodeSha256": "c", "FunctionArn": "a", "Environment": {"Variables": SECRETS},
    }  # fmt: skip
    live = live_function(configuration, {}, "us-east-1")
    assert live.spec.environment == dict.fromkeys(SECRETS, HIDDEN)
    assert without_secrets(NONE) == NONE


def test_a_hidden_value_is_never_accepted_into_a_config() -> None:
    """`drift --accept` would write the placeholder; the config check refuses it."""
    assert looks_secret("ANYTHING", HIDDEN)


CANONICAL = (
    "The request signature we calculated does not match. The Canonical String for this request should have been 'POST\n/\n\n"
    f"host:sts.us-east-1.amazonaws.com\nx-amz-security-token:{SESSION}\n\nhost;x-amz-security-token\nabc' "
    f"Credential={KEY_ID}/20260301/us-east-1/sts/aws4_request"
)


def test_a_refused_signature_is_told_without_the_token() -> None:
    """AWS repeats the request's headers in its message; the session token among them goes no further than the door."""
    body = json.dumps({"message": CANONICAL}).encode()
    headers = {"x-amzn-ErrorType": "InvalidSignatureException", "Content-Type": "application/json"}
    with http(403, headers, body) as endpoint, pytest.raises(AwsError) as caught:
        Client(ClientSettings(endpoint_url=endpoint, placeholder_credentials=True)).call(
            "connect", "ListInstances", "us-east-1"
        )
    assert "does not match" in caught.value.message
    assert SESSION not in str(caught.value)
    assert KEY_ID not in str(caught.value)


SIGNED = f"https://b.s3.amazonaws.com/k?X-Amz-Credential={KEY_ID}%2F2026&X-Amz-Security-Token={SESSION}&X-Amz-Signature={'a1' * 32}"


@pytest.mark.parametrize("secret", [SESSION, KEY_ID, "a1a1a1a1"])
def test_signed_addresses_are_told_without_what_signs_them(secret: str) -> None:
    """Whoever has the whole of one can fetch the object."""
    assert secret not in redacted(f"could not fetch {SIGNED}")
    assert redacted("could not fetch https://b.s3.amazonaws.com/k") == "could not fetch https://b.s3.amazonaws.com/k"


PROXY = "http://user:hunter2@127.0.0.1:4566"


def test_a_login_in_an_endpoint_is_in_no_remedy_and_no_lock(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line goes into locks, states and journals, and into what people are told to run next."""
    app = App(Settings(endpoint_url=PROXY, state=tmp_path), silent, "")
    assert "hunter2" not in app.call
    assert "127.0.0.1:4566" in app.call

    def work(app: App) -> Report:
        assert "hunter2" not in app.command
        raise RuntimeError(f"cannot reach {PROXY}")

    assert run("test", Settings(state=tmp_path, debug=True, output="json"), work) == 1
    said = capsys.readouterr()
    assert "hunter2" not in said.out + said.err
    assert "Traceback" in said.err
    assert (
        redacted(shlex.join(["sbctl", "--endpoint-url", PROXY]))
        == f"sbctl --endpoint-url http://{HIDDEN}@127.0.0.1:4566"
    )


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """A world whose clock runs, since commands that reach it as any endpoint, with keys of their own, wait by real time."""
    with empty_world(WorldSettings(account=str(CONFIG["account"]), speed=200.0, limits=False), dns_port=0) as found:
        yield found


def test_a_whole_life_leaves_no_credentials_behind(running: Running, tmp_path: Path) -> None:
    """Deploy, plan, err, measure and be refused with -v --debug: keys and token are in no file, no line and no answer."""
    folder = small_project(tmp_path / "small")
    config = json.loads((folder / "config" / "regions.json").read_text()) | {"dns": False}
    (folder / "config" / "regions.json").write_text(json.dumps(config))
    place = ["--config", str(folder / "config"), "--endpoint-url", running.endpoint, "--yes", "-v", "--debug"]
    said = ""
    for asked, output, code in (
        (("deploy",), "json", 0),
        (("plan", "--out", str(folder / "a.plan")), "human", 0),
        (("queue", "list", "--region", "mars-1"), "human", 2),
        (("verify-replication", "--timeout", "1s"), "json", None),
        (("destroy",), "human", 7),
    ):
        done = CliRunner().invoke(cli, [*place, "--output", output, *asked], env=CREDENTIALS)
        said += done.output + done.stderr
        assert code in (None, done.exit_code), done.output
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"sbctl.json", "audit.jsonl", "a.plan", "readings.json"}
    for secret in CREDENTIALS.values():
        assert secret not in said
        assert [path.name for path in files if secret.encode() in path.read_bytes()] == []


def test_a_known_secret_behind_its_name_is_hidden_once() -> None:
    """What is hidden already is no value to hide."""
    text = "MY_TOKEN=hunter2secret Authorization: Bearer hunter2secret"
    assert scrubbed(text, ["hunter2secret"]) == "MY_TOKEN=(hidden by sbctl) Authorization: Bearer (hidden by sbctl)"
