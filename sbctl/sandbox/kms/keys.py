"""KMS keys as other services see them: whether there is one in a region, and what state it is in. moto keeps the keys.

https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
"""

from __future__ import annotations

from dataclasses import dataclass

from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.service import ApiError


@dataclass(frozen=True)
class Key:
    """One key. `arn` is its own, also where an alias was asked for; `owned` that it is a customer's, not AWS's for a service."""

    arn: str
    state: str
    owned: bool = True

    @property
    def usable(self) -> bool:
        return self.state == "Enabled"


class Keys:
    """Finds the keys of one account."""

    def __init__(self, account: str, upstream: Upstream) -> None:
        self._account = account
        self._upstream = upstream

    def find(self, region: str, named: str) -> Key | None:
        """The key of an id, alias or ARN; None where the region has none, or the ARN is of another region."""
        if named.startswith("arn:") and named.split(":")[3] != region:
            return None
        alias = named.rpartition(":")[2]
        if alias.startswith("alias/aws/"):
            return Key(f"arn:aws:kms:{region}:{self._account}:{alias}", "Enabled", owned=False)
        try:
            found = self._upstream.call("kms", "DescribeKey", region, {"KeyId": named})["KeyMetadata"]
        except ApiError:
            return None
        return Key(found["Arn"], found["KeyState"])
