"""A fresh zone example.com in the run's sandbox."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Sandbox
from tests.sandbox.route53.requests import DOMAIN, Dns


@pytest.fixture
def dns(sandbox: Sandbox) -> Dns:
    """A client signed for a region that is not Route 53's own, and the id of an empty zone."""
    client = sandbox.client("route53", "eu-west-2")
    made = client.create_hosted_zone(Name=DOMAIN, CallerReference="tests")
    return Dns(client, made["HostedZone"]["Id"].removeprefix("/hostedzone/"))
