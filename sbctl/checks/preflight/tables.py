"""Whether each region's copy of a table has what the config wants of it there: protection against deletion, and its KMS key.

Neither is copied between replicas, so that a copy may lack it while the home has it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.checks.lag.measuring import ABSENT, Found, absent
from sbctl.checks.preflight.subject import UNDEPLOYED, Subject
from sbctl.checks.replication.encryption import CALLS as KEY_CALLS
from sbctl.checks.replication.encryption import judged_key
from sbctl.core.aws.error import AwsError
from sbctl.core.reading import Reading
from sbctl.desired.config.sections import TableItem

CALLS = frozenset({"dynamodb:DescribeTable"}) | KEY_CALLS
PROTECTION, KEY = "deletion-protection", "kms-key"


def check_tables(on: Subject) -> Iterator[Reading]:
    """A reading for each table and region of which the config wants more than AWS gives by itself."""
    for item in on.project.items.get("tables", ()):
        for region in on.targets:
            local = item.in_region(region.region)
            if isinstance(local, TableItem):
                yield from _in_region(on, local, region.region)


def _in_region(on: Subject, item: TableItem, region: str) -> Iterator[Reading]:
    if item.deletion_protection:
        try:
            table = on.aws.call("dynamodb", "DescribeTable", region, TableName=item.name)["Table"]
        except AwsError as error:
            if error.code in ABSENT:
                yield on.say(PROTECTION, absent(ABSENT[error.code], region), item.name, region)
            else:
                yield on.refused(PROTECTION, error, item.name, region)
        else:
            yield on.say(
                PROTECTION, _protected(table.get("DeletionProtectionEnabled", False), region), item.name, region
            )
    if item.key:
        yield on.say(KEY, judged_key(on.aws, region, item.key), item.name, region)


def _protected(protected: bool, region: str) -> Found:
    if protected:
        return Found("on", "ok")
    detail = f"the table in {region} can be deleted by mistake, and the config wants it protected"
    return Found("off", "bad", detail, UNDEPLOYED)
