"""A page of a foreign site, in a real browser on this machine, tries the sandbox by every way that a page has."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.long.browser import BROWSER, EVIL, WHY_NONE, browsing, site
from tests.sandbox.conftest import Sandbox
from tests.sandbox.deployed import EAST
from tests.worlds import empty_world, still

SCOPE = "X-Amz-Credential=a/20260301/us-east-1/{}/aws4_request"
TRUST = '{"Version": "2012-10-17", "Statement": []}'
HANDLER = "def handler(event, context):\n    return 'the function ran'\n"
PAGE = r"""<!doctype html><title>a page</title><body><script>
const known = KNOWN, at = "http://127.0.0.1:" + known.port, seen = {};
const role = "Action=CreateRole&RoleName=stranger&AssumeRolePolicyDocument=" + encodeURIComponent(known.trust);
const form = "application/x-www-form-urlencoded", quiet = {mode: "no-cors", credentials: "include"};
const table = JSON.stringify({TableName: "stranger"});
const fetches = {
  status: [at + "/_sandbox/status"], health: [at + "/_sandbox/health"], root: [at + "/"],
  advance: [at + "/_sandbox/advance", {method: "POST", body: '{"seconds": 86400}'}],
  quietAdvance: [at + "/_sandbox/advance", {method: "POST", body: '{"seconds": 86400}', ...quiet}],
  guessed: [at + "/_sandbox/reset", {method: "POST", headers: {"X-Sbctl-Token": "guessed"}}],
  role: [at + "/?" + known.iam, {method: "POST", body: role, headers: {"Content-Type": form}}],
  quietRole: [at + "/?" + known.iam, {method: "POST", body: role, headers: {"Content-Type": form}, ...quiet}],
  table: [at + "/", {method: "POST", body: table, headers: {"X-Amz-Target": "DynamoDB_20120810.CreateTable"}}],
  bucket: [at + "/stranger", {method: "PUT"}], quietBucket: [at + "/stranger", {method: "POST", ...quiet}],
  list: [at + "/?" + known.s3], object: [at + "/kept/secret.txt"], quietObject: [at + "/kept/secret.txt", quiet],
  invoke: [at + "/2015-03-31/functions/kept/invocations?" + known.lambda, {method: "POST", body: "{}", ...quiet}],
  localhost: [`http://localhost:${known.port}/kept/secret.txt`],
  ipv6: [`http://[::1]:${known.port}/kept/secret.txt`],
  zero: [`http://0.0.0.0:${known.port}/kept/secret.txt`],
  rebound: [`http://${known.evil}:${known.port}/kept/secret.txt`],
  reboundStatus: [`http://${known.evil}:${known.port}/_sandbox/status`],
  functionUrl: [`http://${known.url}:${known.port}/`, quiet],
};
const told = answer => answer.text().then(text => answer.type + text);
const jobs = Object.entries(fetches).map(([name, [url, how]]) =>
  fetch(url, how).then(told).catch(() => "blocked").then(found => { seen[name] = found; }));
const loaded = (name, node, url, attribute = "src") => jobs.push(new Promise(done => {
  node.onload = () => { seen[name] = "loaded"; done(); };
  node.onerror = () => { seen[name] = "blocked"; done(); };
  node[attribute] = url; document.body.append(node);
}));
const node = name => document.createElement(name);
loaded("image", node("img"), at + "/_sandbox/reset");
loaded("script", node("script"), at + "/kept/secret.txt");
loaded("module", Object.assign(node("script"), {type: "module"}), at + "/kept/secret.txt");
loaded("style", Object.assign(node("link"), {rel: "stylesheet"}), at + "/kept/secret.txt", "href");
for (const [name, url] of [["frame", at + "/kept/secret.txt"],
                           ["reboundFrame", `http://${known.evil}:${known.port}/kept/secret.txt`]]) {
  const frame = node("iframe");
  jobs.push(new Promise(done => {
    frame.onload = () => {
      try { seen[name] = "read" + frame.contentDocument.body.innerText; } catch { seen[name] = "blocked"; }
      if (seen[name] === "read") seen[name] = "blocked";
      done();
    };
    frame.src = url; document.body.append(frame);
  }));
}
for (const [name, kind, action, fields] of [
  ["plain", "text/plain", at + "/?" + known.lambda, {'{"FunctionName": "stranger", "x": "': '"}'}],
  ["plainControl", "text/plain", at + "/_sandbox/advance", {'{"seconds": 86400, "x": "': '"}'}],
  ["encoded", form, at + "/?" + known.iam, {Action: "CreateRole", RoleName: "stranger", AssumeRolePolicyDocument: known.trust}],
  ["multipart", "multipart/form-data", at + "/kept", {key: "stranger", file: "text"}],
  ["reboundForm", form, `http://${known.evil}:${known.port}/?` + known.iam,
   {Action: "CreateRole", RoleName: "stranger", AssumeRolePolicyDocument: known.trust}],
]) {
  const frame = Object.assign(node("iframe"), {name});
  const sent = Object.assign(node("form"), {method: "post", enctype: kind, target: name, action});
  for (const [field, value] of Object.entries(fields)) sent.append(Object.assign(node("input"), {name: field, value}));
  document.body.append(frame, sent);
  jobs.push(new Promise(done => { frame.onload = () => { seen[name] = "sent"; done(); }; sent.submit(); }));
}
jobs.push(new Promise(done => {
  const socket = new WebSocket(`ws://127.0.0.1:${known.port}/_sandbox/status`);
  socket.onopen = () => { seen.socket = "open"; done(); };
  socket.onerror = () => { seen.socket = "blocked"; done(); };
}));
jobs.push(new Promise(done => {
  const source = new EventSource(at + "/_sandbox/status");
  source.onopen = () => { seen.events = "open"; done(); };
  source.onerror = () => { seen.events = "blocked"; source.close(); done(); };
}));
seen.beacon = navigator.sendBeacon(at + "/?" + known.iam, new Blob([role], {type: form})) ? "sent" : "blocked";
seen.beaconControl = navigator.sendBeacon(at + "/_sandbox/advance", '{"seconds": 86400}') ? "sent" : "blocked";
for (const [name, url] of [["leadControl", at + "/_sandbox/reset"], ["leadFunction", `http://${known.url}:${known.port}/`],
                           ["leadRole", at + "/?" + role + "&" + known.iam]]) {
  const frame = node("iframe");
  let loads = 0;
  jobs.push(new Promise(done => {
    frame.onload = () => { if (++loads === 2) { seen[name] = "sent"; done(); } };
    frame.src = "/away?to=" + encodeURIComponent(url); document.body.append(frame);
  }));
}
const enough = new Promise(done => setTimeout(done, 60000));  // what is missing then is named by the test
Promise.race([Promise.all(jobs), enough]).then(() => fetch("/told", {method: "POST", body: JSON.stringify(seen)}));
</script>"""
AWAY = """<!doctype html><script>
onload = () => setTimeout(() => { location = new URLSearchParams(location.search).get("to"); });
</script>"""
"""Leads the browser away, as a link does."""
WAYS = [
    "advance",
    "beacon",
    "beaconControl",
    "bucket",
    "encoded",
    "events",
    "frame",
    "functionUrl",
    "guessed",
    "health",
    "image",
    "invoke",
    "ipv6",
    "leadControl",
    "leadFunction",
    "leadRole",
    "list",
    "localhost",
    "module",
    "multipart",
    "object",
    "plain",
    "plainControl",
    "quietAdvance",
    "quietBucket",
    "quietObject",
    "quietRole",
    "rebound",
    "reboundForm",
    "reboundFrame",
    "reboundStatus",
    "role",
    "root",
    "script",
    "socket",
    "status",
    "style",
    "table",
    "zero",
]
NOTHING = {"blocked", "opaque", "sent"}
"""What a page may have of an answer: none, one that it cannot read, or no news of what it sent."""


@pytest.fixture
def world() -> Iterator[Sandbox]:
    """A world with something to read in it, and a function that anybody may call by its URL."""
    with empty_world(still()) as running:
        yield Sandbox(running)


def furnished(sandbox: Sandbox) -> str:
    """A bucket with a secret, and a function; gives the host of its URL."""
    sandbox.client("s3").create_bucket(Bucket="kept")
    sandbox.client("s3").put_object(Bucket="kept", Key="secret.txt", Body=b"window.secret = 1; // the secret")
    role = sandbox.client("iam").create_role(
        RoleName="kept",
        AssumeRolePolicyDocument=TRUST.replace(
            "[]",
            json.dumps(
                [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
            ),
        ),
    )
    sandbox.world.scheduler.advance(60.0)  # a new role is known to Lambda a little later
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", HANDLER)
    functions = sandbox.client("lambda", EAST)
    functions.create_function(
        FunctionName="kept",
        Runtime="python3.12",
        Role=role["Role"]["Arn"],
        Handler="app.handler",
        Code={"ZipFile": packed.getvalue()},
    )
    url = functions.create_function_url_config(FunctionName="kept", AuthType="NONE")["FunctionUrl"]
    return str(url).removeprefix("https://").rstrip("/")


def everything(sandbox: Sandbox) -> dict[str, Any]:
    """All that a page could have changed."""
    return {
        "time": sandbox.world.clock.seconds(),
        "roles": [one["RoleName"] for one in sandbox.client("iam").list_roles()["Roles"]],
        "buckets": [one["Name"] for one in sandbox.client("s3").list_buckets()["Buckets"]],
        "objects": [one["Key"] for one in sandbox.client("s3").list_objects_v2(Bucket="kept")["Contents"]],
        "tables": sandbox.client("dynamodb").list_tables()["TableNames"],
        "functions": [one["FunctionName"] for one in sandbox.client("lambda").list_functions()["Functions"]],
        "faults": sandbox.world.faults.all(),
        "limits": sandbox.world.limits.enabled,
    }


@pytest.mark.long
@pytest.mark.skipif(BROWSER is None, reason=WHY_NONE)
def test_a_page_in_a_browser_reads_and_changes_nothing(world: Sandbox, tmp_path: Path) -> None:
    """No answer can be read, no service is asked, and the world is as it was."""
    url = furnished(world)
    asked: list[str] = []
    world.world.witness = lambda who, _: asked.append(f"{who.service}:{who.operation}")
    known: dict[str, str | int] = {name: SCOPE.format(name) for name in ("iam", "lambda", "s3")}
    known |= {"port": world.running.port, "trust": TRUST, "evil": EVIL, "url": url}
    before = everything(world)
    asked.clear()

    page = PAGE.replace("KNOWN", json.dumps(known))
    with (
        site({"/": page, "/away": AWAY}) as foreign,
        browsing(f"http://127.0.0.1:{foreign.port}/", tmp_path / "profile"),
    ):
        seen = json.loads(foreign.told() or "{}")
    assert {name: found for name, found in seen.items() if found not in NOTHING} == {}
    assert sorted(seen) == sorted(WAYS)
    assert asked == []
    assert everything(world) == before
