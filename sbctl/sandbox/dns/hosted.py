"""What of the sandbox's own a health checker can reach: function URLs and Connect instances, while their region is up."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sbctl.sandbox.awslambda.url_requests import FunctionUrls
from sbctl.sandbox.faults.disturb import CutError, LateError, disturbed
from sbctl.sandbox.faults.registry import FaultRegistry
from sbctl.sandbox.route53.service import Route53Service
from sbctl.sandbox.service import Answer, ApiError
from sbctl.sandbox.wire.function_urls import place_of
from sbctl.sandbox.wire.identify import Identity, Request
from sbctl.sandbox.wire.response import Response

REGION = "us-east-1"
RESPONSE_SECONDS = 2.0
"""How long a checker waits for an answer once it has a connection.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html"""
Ask = Callable[[str, str, str, Mapping[str, object]], Answer]


class Endpoints:
    """The endpoints of one world."""

    def __init__(self, route53: Route53Service, urls: FunctionUrls, faults: FaultRegistry, ask: Ask) -> None:
        self._route53 = route53
        self._urls = urls
        self._weather = faults
        self._ask = ask

    def address(self, host: str) -> str:
        """What a host name leads to in the zones of the account."""
        found = self._route53.resolve(host, "A", REGION)
        values = [value for record in found.records for value in record.values] if found else []
        return values[-1].rstrip(".") if values else host

    def function_url(self, request: Request) -> Response | None:
        place = place_of(request)
        if place is None:
            raise LookupError(request.headers["host"])
        who = Identity("lambda", place.region, "InvokeFunctionUrl")
        try:
            return disturbed(self._weather, who, lambda: self._urls.serve(place, request))
        except CutError:
            return None
        except LateError as late:
            return late.answer() if late.seconds < RESPONSE_SECONDS else None

    def instance(self, alias: str) -> bool:
        for region in REGIONS:
            if self._has(alias, region):
                return not self._weather.service_is_down("connect", region)
        raise LookupError(alias)

    def _has(self, alias: str, region: str) -> bool:
        try:
            found = self._ask("connect", "ListInstances", region, {})
        except ApiError:
            return False
        return any(one.get("InstanceAlias") == alias for one in found["InstanceSummaryList"])


REGIONS = (
    "us-east-1",
    "us-west-2",
    "eu-west-2",
    "eu-central-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "af-south-1",
)
"""That offer Connect. https://docs.aws.amazon.com/connect/latest/adminguide/regions.html"""
