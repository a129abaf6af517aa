"""Files that services hand out by an address that S3 signs: the audio of prompts, the packages of functions.

AWS's addresses lead into buckets of its own services; here they lead to the server. They are not checked and do not expire.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from sbctl.sandbox.wire.identify import Identity
from sbctl.sandbox.wire.response import Response

AUDIO = "/connect-prompts/"
PACKAGES = "/lambda-packages/"
TYPES = {AUDIO: "audio/wav", PACKAGES: "application/zip"}
"""What is under each path; the region comes next."""
Files = Mapping[str, Callable[[str], bytes | None]]
"""By path: what finds the file of a whole path; None where there is none."""


def address(endpoint: str, folder: str, region: str, name: str, seconds: int) -> str:
    """The address of a file, as S3 signs it for some seconds."""
    scope = quote(f"AKIAIOSFODNN7EXAMPLE/20250101/{region}/s3/aws4_request", safe="")
    signed = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={scope}&X-Amz-Expires={seconds}"
    return f"{endpoint}{folder}{region}/{quote(name)}?{signed}"


def asked_of(path: str) -> Identity | None:
    """Who would be asked for a file at this path; None when it is none of these."""
    folder = next((folder for folder in TYPES if path.startswith(folder)), None)
    return Identity("s3", path.removeprefix(folder).partition("/")[0], "GetObject") if folder else None


def handed_out(files: Files, path: str) -> Response:
    """The file, as its bucket answers."""
    folder = next(folder for folder in TYPES if path.startswith(folder))
    found = files[folder](path.removeprefix(folder))
    return Response(404) if found is None else Response(200, found, {"content-type": TYPES[folder]})
