"""`python -m sbctl.sandbox`: serve the local AWS until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import tempfile
import threading
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sbctl.sandbox.server import Running, serve
from sbctl.sandbox.world import ACCOUNT, World, WorldSettings

LOG = logging.getLogger("sbctl.sandbox")


def main(arguments: list[str] | None = None) -> None:
    """Parse the options and serve."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # moto and botocore tell each request at INFO
    logging.getLogger("botocore").setLevel(logging.WARNING)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    settings = WorldSettings(
        account=options.account, speed=options.speed, limits=not options.no_limits, zone=options.zone
    )
    world = World(settings)
    with serve(world, options.port, options.dns_port) as running:
        LOG.info("serving on %s, DNS on port %s", running.endpoint, running.dns_port)
        if options.note:
            _write_note(options.note, running)
        stopping.wait()
    LOG.info("stopped")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sbctl.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument(
        "--dns-port", type=int, default=0, help="port of the name server on 127.0.0.1; 0 takes a free one"
    )
    parser.add_argument("--note", type=Path, help="file in which to say where the server is, once it answers")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times as fast the world's clock runs")
    parser.add_argument("--no-limits", action="store_true", help="without AWS's rate limits")
    parser.add_argument("--account", default=ACCOUNT, help="the account that callers belong to")
    parser.add_argument("--zone", default="", help="a public hosted zone that exists from the start")
    return parser


def _write_note(path: Path, running: Running) -> None:
    """Write it beside and rename, so that a reader finds all of it or none."""
    note: dict[str, Any] = {
        "pid": os.getpid(),
        "port": running.port,
        "endpoint": running.endpoint,
        "dns": f"127.0.0.1:{running.dns_port}",
        "instance": running.world.instance,
        "account": running.world.account,
        "started": running.world.clock.now().isoformat(timespec="seconds"),
        "version": version("sbctl"),
    }
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".sandbox")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(note, file)
    Path(name).replace(path)


if __name__ == "__main__":
    main()
