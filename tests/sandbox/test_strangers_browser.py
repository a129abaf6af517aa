"""A page of a foreign site, in a real browser on this machine, tries the sandbox by every way that a page has."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.sandbox.conftest import Sandbox
from tests.waits import PATIENCE_SECONDS

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=15000",
)
SCOPE = "X-Amz-Credential=a/20260301/us-east-1/{}/aws4_request"
PAGE = """<!doctype html><title>waiting</title><body>
<iframe name="form"></iframe><img src="http://127.0.0.1:PORT/_sandbox/reset">
<form id="f" method="post" enctype="text/plain" target="form" action="http://127.0.0.1:PORT/?LAMBDA">
<input name='{"RoleName": "stranger", "x": "' value='"}'></form>
<script>
const at = "http://127.0.0.1:PORT";
const tries = [
  [at + "/_sandbox/status", {}], [at + "/_sandbox/advance", {method: "POST", body: '{"seconds": 86400}'}],
  [at + "/", {}], [at + "/?IAM", {method: "POST", body: "Action=CreateRole&RoleName=stranger&AssumeRolePolicyDocument={}",
    headers: {"Content-Type": "application/x-www-form-urlencoded"}}],
  [at + "/bucket", {method: "PUT"}], [at + "/bucket", {method: "PUT", mode: "no-cors"}],
  ["http://localhost:PORT/_sandbox/status", {}],
];
document.getElementById("f").submit();
Promise.allSettled(tries.map(([url, how]) => fetch(url, how).then(answer => answer.text().then(text => answer.type + text))))
  .then(seen => { document.title = JSON.stringify(seen.map(one => one.status == "fulfilled" ? one.value : "blocked")); });
</script>"""


@contextmanager
def site(page: str) -> Iterator[str]:
    """A foreign site that serves one page; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.long
@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_a_page_in_a_browser_reads_and_changes_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    """No answer can be read, no role or bucket is made, and the clock stands."""
    before = sandbox.world.clock.seconds()
    page = PAGE.replace("PORT", str(sandbox.running.port)).replace("IAM", SCOPE.format("iam"))
    with site(page.replace("LAMBDA", SCOPE.format("lambda"))) as address:
        words = [str(BROWSER), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", address]
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True)
    found = re.search(r"<title>(.*?)</title>", done.stdout)
    assert found is not None
    seen = json.loads(found[1].replace("&quot;", '"'))
    assert [answer for answer in seen if answer not in ("blocked", "opaque")] == []
    assert len(seen) == 7
    assert sandbox.client("iam").list_roles()["Roles"] == []
    assert sandbox.client("s3").list_buckets()["Buckets"] == []
    assert sandbox.world.clock.seconds() == before
