"""Refuse policy documents that IAM refuses, with its own texts. Trust policies have rules of their own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sbctl.sandbox.documents import read_document
from sbctl.sandbox.service import ApiError

VERSIONS = ("2012-10-17", "2008-10-17")
EFFECTS = ("Allow", "Deny")
TRUST_ACTIONS = ("sts:", "*")
SYNTAX = "Syntax errors in policy."
TRUST_LIMIT = 2048
"""Characters of a trust policy without white space. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
INLINE_LIMIT = 10240
"""Characters of a role's inline policies without white space."""

Statement = dict[str, Any]


def check_trust(text: str) -> None:
    """Raise ApiError when the text is no trust policy: statements with a principal and STS actions, and without resources."""
    for statement in statements(text):
        if "Resource" in statement or "NotResource" in statement:
            raise malformed("Has prohibited field Resource")
        if "Principal" not in statement and "NotPrincipal" not in statement:
            raise malformed("Missing required field Principal")
        if not all(action.startswith(TRUST_ACTIONS) for action in texts(statement.get("Action"))):
            raise malformed("AssumeRole policy may only specify STS AssumeRole actions.")
        if not statement.get("Action"):
            raise malformed("Missing required field Action")
        for service in services(statement):
            if not service.endswith((".amazonaws.com", ".amazonaws.com.cn")):
                raise malformed(f'Invalid principal in policy: "SERVICE":"{service}"')
    if _size(text) > TRUST_LIMIT:
        raise ApiError("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {TRUST_LIMIT}", 409)


def check_identity(text: str) -> None:
    """Raise ApiError when the text is no policy of a role. moto knows the finer points, such as the form of actions."""
    try:
        found = statements(text)
    except ApiError as error:
        raise malformed(SYNTAX) from error
    if any("Principal" in statement or "NotPrincipal" in statement for statement in found):
        raise malformed("Policy document should not specify a principal.")


def statements(text: str) -> list[Statement]:
    """The statements of a document whose outer form is right. Raises ApiError: MalformedPolicyDocument."""
    try:
        document = read_document(text)
    except ValueError as error:
        raise malformed("This policy contains invalid Json") from error
    if not isinstance(document, dict):
        raise malformed(SYNTAX)
    if document.get("Version", VERSIONS[-1]) not in VERSIONS:
        raise malformed(f"The policy must contain a valid version string: {document['Version']}")
    if "Statement" not in document:
        raise malformed("Missing required field Statement")
    listed = document["Statement"]
    found = [listed] if isinstance(listed, dict) else listed
    if not isinstance(found, list) or not all(isinstance(statement, dict) for statement in found):
        raise malformed(SYNTAX)
    for statement in found:
        if statement.get("Effect") not in EFFECTS:
            said = (
                f"Invalid effect: {statement['Effect']}" if "Effect" in statement else "Missing required field Effect"
            )
            raise malformed(said)
    return found


def services(statement: Statement) -> Iterator[str]:
    """The AWS services that a statement names as principals."""
    principal = statement.get("Principal")
    if isinstance(principal, dict):
        yield from texts(principal.get("Service"))


def texts(value: Any) -> list[str]:
    """A member of a policy that is one text or a list of them."""
    if isinstance(value, str):
        return [value]
    return [text for text in value or () if isinstance(text, str)]


def malformed(message: str) -> ApiError:
    return ApiError("MalformedPolicyDocument", message, 400)


def _size(text: str) -> int:
    return len("".join(text.split()))


def check_inline_size(role: str, documents: Iterator[str]) -> None:
    """Raise ApiError when a role's inline policies are together longer than IAM takes."""
    if sum(_size(text) for text in documents) > INLINE_LIMIT:
        message = f"Maximum policy size of {INLINE_LIMIT} bytes exceeded for role {role}"
        raise ApiError("LimitExceeded", message, 409)
