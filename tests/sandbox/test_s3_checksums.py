"""S3 refuses content that is not what the client says it is, by any of its checksums, and stores nothing of it."""

from __future__ import annotations

import base64
import hashlib
import zlib
from typing import Any

import pytest

from sbctl.sandbox.s3.checksums import CHECKSUMS
from tests.sandbox.conftest import Sandbox
from tests.sandbox.test_s3_admission import BUCKET, WEST, ask

GOOD_MD5 = "NhP+LHAUqA+DvW8+IUSTGw=="
CRC, SHA1 = base64.b64encode(zlib.crc32(b"noise").to_bytes(4, "big")).decode(), "X9vXe6WT0cOHVFbW0L1ZS2Ty/yI="
MD5_SAYS = "The Content-MD5 you specified did not match what we received."
TWO = "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
UNNAMED = (
    "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found."
)
ALGORITHM = "Value for x-amz-sdk-checksum-algorithm header is invalid."


def differs(name: str) -> str:
    return f"The {name} you specified did not match the calculated checksum."


def invalid(name: str, where: str = "header") -> str:
    return f"Value for x-amz-checksum-{name} {where} is invalid."


BAD_SUMS: list[tuple[dict[str, str], str, str]] = [
    ({"content_md5": GOOD_MD5}, "BadDigest", MD5_SAYS),
    ({"content_md5": "short"}, "InvalidDigest", "The Content-MD5 you specified was invalid."),
    ({"content_md5": GOOD_MD5.replace("w==", "x==")}, "InvalidDigest", "The Content-MD5 you specified was invalid."),
    ({"x_amz_checksum_sha256": base64.b64encode(bytes(32)).decode()}, "BadDigest", differs("SHA256")),
    ({"x_amz_checksum_sha1": base64.b64encode(bytes(20)).decode()}, "BadDigest", differs("SHA1")),
    ({"x_amz_checksum_crc32": "AAAAAA=="}, "BadDigest", differs("CRC32")),
    ({"x_amz_checksum_crc32c": "AAAAAA=="}, "BadDigest", differs("CRC32C")),
    ({"x_amz_checksum_crc64nvme": "AAAAAAAAAAA="}, "BadDigest", differs("CRC64NVME")),
    ({"x_amz_checksum_sha1": "AAAA"}, "InvalidRequest", invalid("sha1")),
    ({"x_amz_checksum_crc32c": "^^^^^^=="}, "InvalidRequest", invalid("crc32c")),
    ({"x_amz_checksum_crc32": "AAAAAB=="}, "InvalidRequest", invalid("crc32")),
    ({"x_amz_checksum_crc64nvme": ""}, "InvalidRequest", invalid("crc64nvme")),
    ({"x_amz_checksum_crc32": CRC, "x_amz_checksum_sha1": SHA1}, "InvalidRequest", TWO),
    ({"x_amz_sdk_checksum_algorithm": "CRC32"}, "InvalidRequest", UNNAMED),
    ({"x_amz_sdk_checksum_algorithm": "SHA1", "x_amz_checksum_crc32": CRC}, "InvalidRequest", ALGORITHM),
    (
        {"x_amz_content_sha256": "0" * 64},
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
    ),
]


@pytest.fixture
def west(sandbox: Sandbox) -> Any:
    """A client in us-west-2, where there is an empty bucket."""
    client = sandbox.client("s3", WEST)
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": WEST})
    return client


@pytest.mark.parametrize(("headers", "code", "message"), BAD_SUMS)
def test_content_that_is_not_what_was_sent_is_refused(
    sandbox: Sandbox, west: Any, headers: dict[str, str], code: str, message: str
) -> None:
    """A checksum of other content and one that is none are told apart, of whole objects, empty ones and parts."""
    upload = west.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"]
    part = f"/{BUCKET}/parts?uploadId={upload}&partNumber=1"
    for path, body in ((f"/{BUCKET}/new.wav", b"noise"), (part, b"noise")):
        status, _, text = ask(sandbox, "PUT", path, WEST, body, **headers)
        assert (status, f"<Code>{code}</Code><Message>{message}</Message>" in text.decode()) == (400, True), text
    assert west.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
    assert "Parts" not in west.list_parts(Bucket=BUCKET, Key="parts", UploadId=upload)


@pytest.mark.parametrize("header", ["content_md5", "x_amz_checksum_crc32", "x_amz_checksum_sha1"])
def test_an_empty_object_is_checked_too(sandbox: Sandbox, west: Any, header: str) -> None:
    """A digest of something is not that of nothing."""
    value = {"content_md5": GOOD_MD5, "x_amz_checksum_crc32": CRC, "x_amz_checksum_sha1": SHA1}[header]
    status, _, text = ask(sandbox, "PUT", f"/{BUCKET}/empty", WEST, b"", **{header: value})
    assert (status, b"<Code>BadDigest</Code>" in text) == (400, True)
    assert west.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


CHECKED = {
    "CRC32": "cbf43926",
    "CRC32C": "e3069283",
    "CRC64NVME": "ae8b14860a799888",
    "SHA1": hashlib.sha1(b"123456789").hexdigest(),
    "SHA256": hashlib.sha256(b"123456789").hexdigest(),
}


@pytest.mark.parametrize("algorithm", CHECKED)
def test_each_algorithm_has_its_published_value(sandbox: Sandbox, west: Any, algorithm: str) -> None:
    """Of the nine digits, by which CRCs are told; an upload with it is stored."""
    digest = bytes.fromhex(CHECKED[algorithm])
    assert CHECKSUMS[algorithm][1](b"123456789") == digest
    header = {f"x_amz_checksum_{algorithm.lower()}": base64.b64encode(digest).decode()}
    assert ask(sandbox, "PUT", f"/{BUCKET}/digits", WEST, b"123456789", **header)[0] == 200
    assert west.get_object(Bucket=BUCKET, Key="digits")["Body"].read() == b"123456789"


@pytest.mark.parametrize("algorithm", ["SHA256", "SHA1", "CRC32"])
def test_a_right_checksum_passes(west: Any, algorithm: str) -> None:
    """What a client computes itself is what the sandbox computes, in one piece and in parts."""
    west.put_object(Bucket=BUCKET, Key="whole", Body=b"noise", ChecksumAlgorithm=algorithm)
    west.put_object(Bucket=BUCKET, Key="nothing", Body=b"", ChecksumAlgorithm=algorithm)
    upload = west.create_multipart_upload(Bucket=BUCKET, Key="parts", ChecksumAlgorithm=algorithm)["UploadId"]
    part = west.upload_part(
        Bucket=BUCKET, Key="parts", UploadId=upload, PartNumber=1, Body=b"noise", ChecksumAlgorithm=algorithm
    )
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    west.complete_multipart_upload(Bucket=BUCKET, Key="parts", UploadId=upload, MultipartUpload=parts)
    assert west.get_object(Bucket=BUCKET, Key="parts")["Body"].read() == b"noise"


UNSIGNED = {
    "content_encoding": "aws-chunked",
    "x_amz_content_sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "x_amz_decoded_content_length": "5",
    "x_amz_trailer": "x-amz-checksum-crc32",
    "x_amz_sdk_checksum_algorithm": "CRC32",
}
SIGNED = {
    "content_encoding": "aws-chunked",
    "x_amz_content_sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "x_amz_decoded_content_length": "5",
}
CUT = "IncompleteBody"
CHUNKED: list[tuple[dict[str, str], bytes, str]] = [
    (UNSIGNED, b"5\r\nnoise\r\n0\r\nx-amz-checksum-crc32:%s\r\n\r\n" % CRC.encode(), ""),
    (UNSIGNED, b"5\r\nnoise\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", "BadDigest"),
    (UNSIGNED, b"5\r\nnoise\r\n0\r\nx-amz-checksum-crc32:short\r\n\r\n", "InvalidRequest"),
    (UNSIGNED, b"5\r\nnoise\r\n0\r\n\r\n", "MalformedTrailerError"),
    (UNSIGNED, b"4\r\nnois\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", CUT),
    (UNSIGNED, b"5\r\nnoi", CUT),
    (SIGNED, b"5;chunk-signature=0\r\nnoise\r\n0;chunk-signature=0\r\n\r\n", ""),
    ({**SIGNED, "content_md5": GOOD_MD5}, b"5;chunk-signature=0\r\nnoise\r\n0;chunk-signature=0\r\n\r\n", "BadDigest"),
    ({**SIGNED, "x_amz_checksum_crc32": "AAAAAA=="}, b"5;s=0\r\nnoise\r\n0;s=0\r\n\r\n", "BadDigest"),
]


@pytest.mark.parametrize(("headers", "body", "code"), CHUNKED)
def test_content_in_chunks_is_checked_without_them(
    sandbox: Sandbox, west: Any, headers: dict[str, str], body: bytes, code: str
) -> None:
    """A checksum is of the content, whether it comes before or behind; what is cut is refused."""
    status, _, text = ask(sandbox, "PUT", f"/{BUCKET}/new.wav", WEST, body, **headers)
    if code:
        assert (status, f"<Code>{code}</Code>" in text.decode()) == (400, True), text
        assert west.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
    else:
        assert status == 200, text
        assert west.get_object(Bucket=BUCKET, Key="new.wav")["Body"].read() == b"noise"
