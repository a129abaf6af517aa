"""Endpoints, health checkers and DNS of a world in this process: no sockets, no functions' processes, no threads.

Functions answer what the deployed ones would: they are well, and taken over while their region's copy of the signal names it.
"""

from __future__ import annotations

from sbctl.core.moving.takeover import KEY, PATH
from sbctl.probes.dns import DnsAnswer
from sbctl.probes.http import HttpAnswer
from sbctl.sandbox.dns.checkers import Watched
from sbctl.sandbox.world import World

TICK_SECONDS = 5.0
TABLE = "connect-config-global"
HOME = "us-east-1"
ENDPOINT = ("HTTP", "HTTPS")


class Sites:
    """What callers and Route 53's health checkers get. `silent` regions answer nobody."""

    through = None
    """Function URLs are asked themselves, and not by Invoke."""

    def __init__(self, world: World) -> None:
        self.silent: set[str] = set()
        self._world = world
        self._watched: dict[str, Watched] = {}

    def watch(self) -> None:
        """Have the health checkers ask, from now on."""
        self.silent.clear()
        self._watched.clear()
        self._world.scheduler.every(TICK_SECONDS, self._tick)

    def get(self, host: str, path: str) -> HttpAnswer:
        region = host.split(".lambda-url.")[-1].split(".")[0]
        if region in self.silent:
            return HttpAnswer(host, path, failure="timed out")
        status = 200 if path != PATH or self.named(region) == region else 404
        return HttpAnswer(host, path, status, '{"status": "swept"}')

    def ask(self, name: str, type_: str) -> DnsAnswer:
        found = self._world.route53.resolve(name, type_, HOME)
        values = [value.rstrip(".") for record in (found.records if found else ()) for value in record.values]
        return DnsAnswer(name, tuple(sorted(values)), 60, "" if values else "no answer")

    def named(self, region: str) -> str:
        """The region that a region's own copy of the signal names."""
        return self.signal(region)[0]

    def signal(self, region: str) -> tuple[str, int]:
        """A region's own copy of the signal: whom it names, and its generation."""
        key = {name: {"S": value} for name, value in KEY.items()}
        item = self._world.ask("dynamodb", "GetItem", region, {"TableName": TABLE, "Key": key}).get("Item", {})
        return str(item.get("region", {}).get("S", "")), int(item.get("generation", {}).get("N", 0))

    def _tick(self) -> None:
        now = self._world.clock.seconds()
        for check, config in self._world.route53.check_configs().items():
            watched = self._watched.setdefault(check, Watched(due=now))
            if config["Type"] in ENDPOINT and watched.due <= now:
                answer = self.get(str(config["FullyQualifiedDomainName"]), str(config["ResourcePath"]))
                watched.due = now + float(config["RequestInterval"])
                watched.take(answer.ok, int(config["FailureThreshold"]))
                self._world.route53.observe(check, watched.healthy, str(answer.status or answer.failure))
