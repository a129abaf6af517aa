"""Data of people, as it is shown when nobody asked for it: enough to tell two apart, and too little to know who they are.

Whose fields these are says `Spec.personal`; where they stand unmasked, docs/reference/personal-data.md.
"""

from __future__ import annotations

import re

SIGN = "***"
_EMAIL = re.compile(r"(?<![\w./+-])([\w.+%-])[\w.+%-]*@((?:[\w-]+\.)+[A-Za-z]{2,63})(?![\w@-])")
"""Not behind a slash: a session of a role may be called so, and an operator's ARN stays as it is."""
_NUMBER = re.compile(r"\+\d{5,15}")


def masked(text: str) -> str:
    """A name, an e-mail address or a telephone number: `A***`, `a***@example.com`, `+1***00`."""
    if not text:
        return text
    if _NUMBER.fullmatch(text):
        return f"{text[:2]}{SIGN}{text[-2:]}"
    if "@" in text:
        who, _, host = text.rpartition("@")
        return f"{who[:1]}{SIGN}@{host}"
    return f"{text[0]}{SIGN}"


def without_emails(text: str) -> str:
    """A text with its e-mail addresses masked, but for those in ARNs."""
    return _EMAIL.sub(rf"\1{SIGN}@\2", text)
