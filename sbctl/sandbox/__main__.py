"""`python -m sbctl.sandbox`: serve the local AWS until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from sbctl.sandbox.http.server import Running, serve
from sbctl.sandbox.release import release
from sbctl.sandbox.snapshot.opening import Wanted, serve_kept
from sbctl.sandbox.snapshot.save import SaveError
from sbctl.sandbox.world import World

LOG = logging.getLogger("sbctl.sandbox")


def main(arguments: list[str] | None = None) -> None:
    """Parse the options and serve."""
    options = _parser().parse_args(arguments)
    _forget_settings_for_aws()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # moto and botocore tell each request at INFO
    logging.getLogger("botocore").setLevel(logging.WARNING)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    # not an Event: a signal that comes while its wait begins would wait for itself
    stopping: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: stopping.put(number))
    wanted = Wanted(options.account, options.speed, options.limits, options.zone)
    try:
        with _served(options, wanted) as running:
            LOG.info("serving on %s, DNS on port %s", running.endpoint, running.dns_port)
            if options.note:
                _write_note(options.note, running, options.data)
            stopping.get()
    except SaveError as error:
        raise SystemExit(str(error)) from error
    LOG.info("stopped")


def _forget_settings_for_aws() -> None:
    """moto asks botocore, which would read what this machine's user has set for AWS: profiles, files, proxies."""
    for name in [name for name in os.environ if name.startswith("AWS_") or name.lower().endswith("_proxy")]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


def _served(options: argparse.Namespace, wanted: Wanted) -> AbstractContextManager[Running]:
    if options.data:
        return serve_kept(options.data, wanted, options.port, options.dns_port)
    return serve(World(wanted.over({})), options.port, options.dns_port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sbctl.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument(
        "--dns-port", type=int, default=0, help="port of the name server on 127.0.0.1; 0 takes a free one"
    )
    parser.add_argument("--note", type=Path, help="file in which to say where the server is, once it answers")
    parser.add_argument("--speed", type=float, help="how many times as fast the world's clock runs")
    parser.add_argument("--limits", action=argparse.BooleanOptionalAction, help="with AWS's rate limits")
    parser.add_argument("--account", help="the account that callers belong to")
    parser.add_argument("--zone", help="a public hosted zone that exists from the start")
    parser.add_argument("--data", type=Path, help="folder in which the world is kept; also speed, limits and zone")
    return parser


def _write_note(path: Path, running: Running, data: Path | None) -> None:
    """Write it beside and rename, so that a reader finds all of it or none."""
    note: dict[str, Any] = {
        "pid": os.getpid(),
        "port": running.port,
        "endpoint": running.endpoint,
        "dns": f"127.0.0.1:{running.dns_port}",
        "instance": running.world.instance,
        "token": running.world.token,
        "account": running.world.account,
        "started": running.world.clock.now().isoformat(timespec="seconds"),
        "version": release(),
        **({"data": str(data.absolute())} if data else {}),
    }
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".sandbox")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(note, file)
    Path(name).replace(path)


if __name__ == "__main__":
    main()
