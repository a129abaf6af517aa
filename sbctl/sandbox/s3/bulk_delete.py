"""The bodies of DeleteObjects: conditions of single keys, which moto ignores, and what it answers.

Each key is judged by itself: those that fail are reported among the errors, the others are deleted.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.identify import Request
from sbctl.sandbox.wire.response import Response

MOST_KEYS = 1000
"""Of one request. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html"""
SPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

Judge = Callable[[str, str], None]
"""Takes a key and the ETag it must have; raises ApiError when it has not."""
Refused = list[tuple[str, ApiError]]


def without_refused(request: Request, judge: Judge) -> tuple[Request | None, Refused]:
    """The request with only the keys that may be deleted (None when there are none), and the refused ones.

    Raises ApiError for a body that is not XML, or has too many keys.
    """
    if request.body.count(b"<Object>") > MOST_KEYS:
        raise ApiError(
            "MalformedXML", "The XML you provided was not well-formed or did not validate against our schema", 400
        )
    if b"<ETag>" not in request.body:
        return request, []
    try:
        root = _tree(request.body)
    except ParseError as error:
        raise ApiError("MalformedXML", "The XML you provided was not well-formed", 400) from error
    refused: Refused = []
    for node in _children(root, "Object"):
        etag = _text(node, "ETag")
        try:
            if etag:
                judge(_text(node, "Key"), etag)
        except ApiError as error:
            refused.append((_text(node, "Key"), error))
            root.remove(node)
    return (replace(request, body=_bytes(root)) if _children(root, "Object") else None), refused


def markers(response: Response) -> list[tuple[str, str]]:
    """Key and version id of each delete marker that was made."""
    deleted = _children(_tree(response.body), "Deleted")
    found = [(_text(node, "Key"), _text(node, "DeleteMarkerVersionId")) for node in deleted]
    return [(key, marker) for key, marker in found if marker]


def with_refused(response: Response, refused: Refused) -> Response:
    """The answer with the refused keys among its errors."""
    if not refused:
        return response
    root = _tree(response.body)
    for key, error in refused:
        node = SubElement(root, "Error")
        for name, value in (("Key", key), ("Code", error.code), ("Message", error.message)):
            SubElement(node, name).text = value
    return replace(response, body=_bytes(root))


def nothing_deleted() -> Response:
    """The answer when every key was refused, before the errors are added."""
    return Response(200, _bytes(Element("DeleteResult")), {"content-type": "application/xml"})


def _tree(body: bytes) -> Element:
    """A document with plain names, since clients may leave the namespace out."""
    root = fromstring(body)
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
    return root


def _bytes(root: Element) -> bytes:
    root.set("xmlns", SPACE)
    return tostring(root)


def _children(node: Element, name: str) -> list[Element]:
    return [child for child in node if child.tag == name]


def _text(node: Element, name: str) -> str:
    found = _children(node, name)
    return (found[0].text or "") if found else ""
