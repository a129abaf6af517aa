"""The overview after a deploy says only what is known."""

from __future__ import annotations

from sbctl.commands.deploy.outputs import _of_region
from sbctl.core.state import Record, State


def test_an_instance_without_a_host_has_no_url() -> None:
    """A run that was cut off while the instance was being made knows no host: no `https://` that leads nowhere."""
    address = "connect_instance.us-east-1.enterprise"
    begun, ready = (
        State(records={address: Record(address=address, ids={"id": "1"}, outputs=outputs)})
        for outputs in ({}, {"access_host": "enterprise.my.connect.aws"})
    )
    assert _of_region(begun, "us-east-1")["access_url"] == ""
    assert _of_region(ready, "us-east-1")["access_url"] == "https://enterprise.my.connect.aws"
