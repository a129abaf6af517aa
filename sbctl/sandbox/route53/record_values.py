"""What the values of each record type must look like, in the words of Route 53's "FATAL problem" messages.

The codes for addresses, names, quotes and lengths are those that AWS is known to answer; the others follow their form.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address

from sbctl.sandbox.route53.names import fault

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_STRINGS = re.compile(rf"{_STRING.pattern}(?:\s+{_STRING.pattern})*")
LONGEST_STRING = 255
Fault = Callable[[str], str]


def value_faults(type_: str, values: list[str]) -> list[str]:
    """What is wrong with the values of one record set, one sentence each."""
    wrong = [
        f"Invalid Resource Record: 'FATAL problem: {found} encountered with '{value}''"
        for value in values
        if (found := RULES[type_](value))
    ]
    wrong += [f"Duplicate Resource Record: '{value}'" for value in sorted(set(values)) if values.count(value) > 1]
    if type_ in ("CNAME", "SOA") and len(values) > 1:
        wrong.append(f"A resource record set of type {type_} can have one value only")
    return wrong


def _address(version: type[IPv4Address] | type[IPv6Address], words: str) -> Fault:
    def rule(value: str) -> str:
        try:
            version(value)
        except ValueError:
            return words
        return ""

    return rule


def _server(value: str) -> str:
    """A host, or the root for "there is none"."""
    return "" if value == "." else fault(value)


def _strings(value: str) -> str:
    if not _STRINGS.fullmatch(value.strip()):
        return "InvalidCharacterString (Value should be enclosed in quotation marks)"
    if any(len(found) > LONGEST_STRING for found in _STRING.findall(value)):
        return "CharacterStringTooLong (Value is too long)"
    return ""


def _number(largest: int) -> Fault:
    def rule(value: str) -> str:
        fits = value.isascii() and value.isdigit() and int(value) <= largest
        return "" if fits else f"UnparseableInteger (Value must be a number from 0 to {largest})"

    return rule


def _hexadecimal(value: str) -> str:
    return "" if re.fullmatch(r"[0-9A-Fa-f\s]+", value) else "InvalidHex (Value must be hexadecimal)"


def _any(value: str) -> str:  # noqa: ARG001
    return ""


def _fields(type_: str, *rules: Fault) -> Fault:
    """A rule for values of fields with blanks between them; the last field takes the rest."""

    def rule(value: str) -> str:
        fields = value.split(maxsplit=len(rules) - 1)
        if len(fields) != len(rules):
            return f"{type_}RRDATANot{len(rules)}Fields (Value must have {len(rules)} fields)"
        return next((found for one, field in zip(rules, fields, strict=True) if (found := one(field))), "")

    return rule


_BYTE, _SHORT, _LONG = _number(0xFF), _number(0xFFFF), _number(0xFFFFFFFF)
RULES: Mapping[str, Fault] = {
    "A": _address(IPv4Address, "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"),
    "AAAA": _address(IPv6Address, "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)"),
    "CAA": _fields("CAA", _BYTE, _any, _strings),
    "CNAME": fault,
    "DS": _fields("DS", _SHORT, _BYTE, _BYTE, _hexadecimal),
    "HTTPS": _fields("HTTPS", _SHORT, _any),
    "MX": _fields("MX", _SHORT, _server),
    "NAPTR": _fields("NAPTR", _SHORT, _SHORT, _strings, _strings, _strings, _any),
    "NS": fault,
    "PTR": fault,
    "SOA": _fields("SOA", fault, fault, _LONG, _LONG, _LONG, _LONG, _LONG),
    "SPF": _strings,
    "SRV": _fields("SRV", _SHORT, _SHORT, _SHORT, _server),
    "SSHFP": _fields("SSHFP", _BYTE, _BYTE, _hexadecimal),
    "SVCB": _fields("SVCB", _SHORT, _any),
    "TLSA": _fields("TLSA", _BYTE, _BYTE, _BYTE, _hexadecimal),
    "TXT": _strings,
}
