"""An account's numbers in one region, in memory: as much of Connect as the kind of telephone numbers calls."""

from __future__ import annotations

from typing import Any

from botocore.validate import ParamValidator

from sbctl.core.aws.error import AwsError
from tests.unit.resources.connect.script import refused, shape

INSTANCE = "i-1"


def arn(identity: str) -> str:
    """The ARN of a number."""
    return f"arn:aws:connect:us-east-1:123456789012:phone-number/{identity}"


def flow(name: str) -> str:
    """The ARN of a flow."""
    return f"arn:aws:connect:us-east-1:123456789012:instance/{INSTANCE}/contact-flow/{name}"


class Exchange:
    """Offers `free` numbers, page by page; `status` is what a claim ends with, `lost` drops the answer of the next claim."""

    def __init__(self, *free: str, status: str = "CLAIMED") -> None:
        self.free = list(free)
        self.status = status
        self.taken: set[str] = set()
        """Offered still, and claimed by somebody else meanwhile."""
        self.lost = False
        self.tags_behind = False
        """Whether pages of tags do not show anything yet."""
        self.denied: set[str] = set()
        self.rows: dict[str, dict[str, Any]] = {}
        self.flows: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.made: list[tuple[str, dict[str, Any]]] = []

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        assert region == "us-east-1"
        if service == "connect":
            report = ParamValidator().validate(params, shape(operation)).generate_report()
            assert not report, f"{operation}: {report}"
        self.made.append((operation, params))
        if operation in self.denied:
            raise AwsError("AccessDeniedException", "no", service=service, operation=operation, region=region)
        answer: dict[str, Any] = getattr(self, operation)(**params)
        return answer

    def wait(self, seconds: float, reason: str) -> None:
        """Nothing takes time here."""

    def made_of(self, operation: str) -> list[dict[str, Any]]:
        """What each call of an operation carried."""
        return [params for name, params in self.made if name == operation]

    def add(self, number: str, identity: str, target: str = INSTANCE, **members: Any) -> None:
        """A number that somebody claimed."""
        self.rows[identity] = {
            "PhoneNumberId": identity,
            "PhoneNumberArn": arn(identity),
            "PhoneNumber": number,
            "PhoneNumberCountryCode": "US",
            "PhoneNumberType": "TOLL_FREE",
            "InstanceId": target,
            "Tags": {},
            "PhoneNumberStatus": {"Status": "CLAIMED"},
            **members,
        }

    def SearchAvailablePhoneNumbers(self, **asked: Any) -> dict[str, Any]:
        prefix = asked.get("PhoneNumberPrefix", "")
        return {"AvailableNumbersList": [{"PhoneNumber": one} for one in self.free if one.startswith(prefix)][:2]}

    def ClaimPhoneNumber(self, **asked: Any) -> dict[str, Any]:
        number, token = asked["PhoneNumber"], asked["ClientToken"]
        if self.tokens.setdefault(token, number) != number:
            raise refused("IdempotencyException")
        if number in self.taken:
            self.free.remove(number)
            del self.tokens[token]
            raise refused("ResourceNotFoundException")
        self.free.remove(number)
        identity = f"n-{len(self.rows)}"
        status = {"Status": self.status, "Message": "the quota is used up"}
        self.add(number, identity, asked["InstanceId"], Tags=asked.get("Tags", {}), PhoneNumberStatus=status)
        self.rows[identity]["PhoneNumberDescription"] = asked.get("PhoneNumberDescription", "")
        if self.lost:
            self.lost = False
            raise refused("InternalServiceException")
        return {"PhoneNumberId": identity, "PhoneNumberArn": arn(identity)}

    def DescribePhoneNumber(self, PhoneNumberId: str) -> dict[str, Any]:  # noqa: N803
        if PhoneNumberId not in self.rows:
            raise refused("ResourceNotFoundException")
        return {"ClaimedPhoneNumberSummary": self.rows[PhoneNumberId]}

    def ListPhoneNumbersV2(self, InstanceId: str = "", **_: Any) -> dict[str, Any]:  # noqa: N803
        without = ("Tags", "PhoneNumberStatus")
        rows = [row for row in self.rows.values() if InstanceId in ("", row["InstanceId"])]
        return {"ListPhoneNumbersSummaryList": [{k: v for k, v in row.items() if k not in without} for row in rows]}

    def ListFlowAssociations(self, **_: Any) -> dict[str, Any]:
        return {
            "FlowAssociationSummaryList": [{"ResourceId": arn(one), "FlowId": to} for one, to in self.flows.items()]
        }

    def BatchGetFlowAssociation(self, ResourceIds: list[str], **_: Any) -> dict[str, Any]:  # noqa: N803
        rows = self.ListFlowAssociations()["FlowAssociationSummaryList"]
        return {"FlowAssociationSummaryList": [row for row in rows if row["ResourceId"] in ResourceIds]}

    def AssociatePhoneNumberContactFlow(self, **asked: Any) -> dict[str, Any]:
        self.flows[asked["PhoneNumberId"]] = flow(asked["ContactFlowId"])
        return {}

    def DisassociatePhoneNumberContactFlow(self, **asked: Any) -> dict[str, Any]:
        self.flows.pop(asked["PhoneNumberId"], None)
        return {}

    def UpdatePhoneNumberMetadata(self, **asked: Any) -> dict[str, Any]:
        self.rows[asked["PhoneNumberId"]]["PhoneNumberDescription"] = asked["PhoneNumberDescription"]
        return {}

    def ReleasePhoneNumber(self, PhoneNumberId: str) -> dict[str, Any]:  # noqa: N803
        if self.rows.pop(PhoneNumberId, None) is None:
            raise refused("ResourceNotFoundException")
        return {}

    def TagResource(self, resourceArn: str, tags: dict[str, str]) -> dict[str, Any]:  # noqa: N803
        self.rows[resourceArn.rpartition("/")[2]]["Tags"].update(tags)
        return {}

    def GetResources(self, TagFilters: list[dict[str, Any]], **_: Any) -> dict[str, Any]:  # noqa: N803
        def has(row: dict[str, Any]) -> bool:
            return all(row["Tags"].get(one["Key"]) in one["Values"] for one in TagFilters)

        rows = [] if self.tags_behind else [row for row in self.rows.values() if has(row)]
        as_pairs = [
            {
                "ResourceARN": row["PhoneNumberArn"],
                "Tags": [{"Key": key, "Value": value} for key, value in row["Tags"].items()],
            }
            for row in rows
        ]
        return {"ResourceTagMappingList": as_pairs, "PaginationToken": ""}
