"""How long a request's body may be, also when it is unpacked: as long as the longest one that its service takes on AWS.

What is parsed takes many times its length in memory, so only data that is kept as it comes may be long.
"""

from __future__ import annotations

from sbctl.sandbox.wire.identify import Identity

OBJECT_BYTES = 256 * 1024 * 1024
"""Of an object of S3, or of a part of one. AWS takes 5 GB."""
PACKAGE_BYTES = 70_167_211
"""Of a function with its package.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 50 MB packed, in base64"""
INVOCATION_BYTES = 6_291_556
"""What Lambda says in its refusal of a longer payload, of function URLs too."""
ITEMS_BYTES = 24 * 1024 * 1024
"""Of DynamoDB: BatchWriteItem takes 16 MB of items, which may be binary ones in base64.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html"""
MESSAGE_BYTES = 8 * 1024 * 1024
"""Of the other services with JSON, of which none takes more than a few megabytes."""
FORM_BYTES = 4 * 1024 * 1024
"""Of a form or of XML. The longest on AWS are PutMetricData's with 1 MB, a dashboard of 1 MB that is percent-encoded, and
DeleteObjects' with 2 MB."""
CONTROL_BYTES = 1024 * 1024
_OBJECTS = ("PutObject", "UploadPart")
_PACKAGES = ("CreateFunction", "UpdateFunctionCode", "PublishLayerVersion")


def most_bytes(who: Identity) -> int:
    """The limit for this operation."""
    if who.service == "s3" and who.operation in _OBJECTS:
        return OBJECT_BYTES
    if who.service == "lambda":
        return PACKAGE_BYTES if who.operation in _PACKAGES else INVOCATION_BYTES
    if who.service == "dynamodb":
        return ITEMS_BYTES
    return MESSAGE_BYTES if who.protocol.endswith("json") else FORM_BYTES
