"""`python -m sbctl.sandbox`: serve the local AWS until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import json
import os
import signal
import tempfile
import threading
from pathlib import Path

from sbctl.sandbox.server import Running, serve
from sbctl.sandbox.world import World, WorldSettings


def main() -> None:
    """Parse the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m sbctl.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--note", type=Path, help="file that says where the server is")
    parser.add_argument("--speed", type=float, default=1.0, help="how fast the world's clock runs")
    parser.add_argument("--no-limits", action="store_true", help="without AWS's rate limits")
    parser.add_argument("--zone", default="example.com", help="a hosted zone that exists from the start")
    options = parser.parse_args()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    world = World(WorldSettings(speed=options.speed, limits=not options.no_limits, zone=options.zone))
    with serve(world, options.port) as running:
        if options.note:
            _write_note(options.note, running)
        stopping.wait()


def _write_note(path: Path, running: Running) -> None:
    note = {
        "pid": os.getpid(),
        "port": running.port,
        "endpoint": running.endpoint,
        "instance": running.world.instance,
        "account": running.world.account,
    }
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".sandbox")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(note, file)
    Path(name).replace(path)


if __name__ == "__main__":
    main()
