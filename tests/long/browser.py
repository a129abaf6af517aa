"""A real browser, and a foreign site for it: found on this machine, never downloaded."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue

from tests.waits import PATIENCE_SECONDS

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, NAMES)), None)
WHY_NONE = f"no browser to try it in: none of {', '.join(NAMES)} is installed (Debian: apt-get install chromium)"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
EVIL = "evil.example"
REBOUND = f"--host-resolver-rules=MAP {EVIL} 127.0.0.1, MAP *.on.aws 127.0.0.1"
"""As a name server of the page's own would answer, once the page is loaded (DNS rebinding)."""


class Site:
    """A foreign site. What its pages send it by POST comes out of `told`."""

    def __init__(self, port: int, told: Queue[str]) -> None:
        self.port = port
        self._told = told

    def told(self) -> str | None:
        """The next thing; None when nothing comes while a test is patient."""
        try:
            return self._told.get(timeout=PATIENCE_SECONDS)
        except Empty:
            return None


@contextmanager
def site(pages: Mapping[str, str]) -> Iterator[Site]:
    """Serve pages by their paths."""
    told: Queue[str] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(pages.get(self.path.partition("?")[0], ""))

        def do_POST(self) -> None:
            told.put(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
            self._answer("")

        def _answer(self, page: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield Site(server.server_port, told)
        server.shutdown()


@contextmanager
def browsing(address: str, profile: Path) -> Iterator[None]:
    """The page in a browser, until the context ends."""
    command = [str(BROWSER), *FLAGS, REBOUND, f"--user-data-dir={profile}", "--remote-debugging-port=0", address]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()
