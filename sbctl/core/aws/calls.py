"""The client to AWS as everything above `aws/` sees it."""

from __future__ import annotations

from typing import Any, Protocol


class AwsCalls(Protocol):
    """Makes calls, and waits on the run's clock."""

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        """Make one call, by boto3's service name and AWS's operation name ("connect", "CreateQueue").

        Throttling and passing faults are retried below. Raises AwsError.
        """

    def wait(self, seconds: float, reason: str) -> None:
        """Sleep on the run's clock because of `reason`, and let progress displays say so."""
