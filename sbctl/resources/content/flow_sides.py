"""What AWS has of a flow or a module: the published content, or the draft that the console's editors see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.text.strict_json import read_value
from sbctl.resources.calls import connect

Version = Literal["published", "draft"]
MODULE_KIND = "connect_flow_module"
SAVED = ":$SAVED"
NEVER_PUBLISHED = "ContactFlowNotPublishedException"


def content_in(aws: AwsCalls, region: str, kind: str, ids: Mapping[str, str], version: Version) -> Any | None:
    """The content as it is stored, which a draft's may be without any form; None where there is no such version.

    https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeContactFlow.html
    """
    word = "ContactFlowModule" if kind == MODULE_KIND else "ContactFlow"
    identifier = ids["id"] + (SAVED if version == "draft" else "")
    members = {"InstanceId": ids["instance"], f"{word}Id": identifier}
    try:
        found = connect.present(aws, region, f"Describe{word}", **members)
    except AwsError as error:
        if error.code == NEVER_PUBLISHED:
            return None
        raise
    return read_value(found[word]["Content"]) if found else None
