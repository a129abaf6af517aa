"""Which numbers there are: a fixed, fictional inventory, a hundred behind each prefix. Nobody answers any of them.

North American ones are 555-0100 to 555-0199, British and German ones those set aside for films; elsewhere the subscriber's
number begins with 555.
https://docs.aws.amazon.com/connect/latest/adminguide/contact-center-phone-number.html
"""

from __future__ import annotations

from collections.abc import Iterator

EACH = 100
DIRECT, FREE = "DID", "TOLL_FREE"
AREAS = {
    "US": ("206", "212", "303", "312", "404", "415", "512", "617", "702", "919"),
    "CA": ("416", "514", "604", "403"),
}
FREE_AREAS = ("800", "833", "844", "855", "866", "877", "888")
CALLING = {
    "AT": "43", "AU": "61", "BE": "32", "BR": "55", "CH": "41", "CL": "56", "DK": "45", "ES": "34", "FI": "358", "FR": "33",
    "HK": "852", "IE": "353", "IN": "91", "IT": "39", "JP": "81", "KR": "82", "MX": "52", "NL": "31", "NO": "47", "NZ": "64",
    "PL": "48", "PT": "351", "SE": "46", "SG": "65", "ZA": "27",
}  # fmt: skip
"""Country codes of the countries that have numbers here, besides North America, Britain and Germany."""


def _stems() -> dict[tuple[str, str], tuple[str, ...]]:
    """By country and type: numbers without their last two digits."""
    found = {("US", DIRECT): tuple(f"+1{area}55501" for area in AREAS["US"])}
    found["US", FREE] = tuple(f"+1{area}55501" for area in FREE_AREAS)
    found["CA", DIRECT] = tuple(f"+1{area}55501" for area in AREAS["CA"])
    found["CA", FREE] = ("+182255501",)
    found["GB", DIRECT] = ("+4420794600", "+4420794601", "+4416149600")
    found["GB", FREE] = ("+4480815700", "+4480815701")
    found["DE", DIRECT] = ("+49302312500", "+49302312501", "+4989999980")
    found["DE", FREE] = ("+4980055501",)
    for country, code in CALLING.items():
        found[country, DIRECT] = (f"+{code}255501", f"+{code}355501")
        found[country, FREE] = (f"+{code}80055501",)
    return found


STEMS = _stems()


def inventory(country: str, kind: str) -> Iterator[str]:
    """All numbers of a country and type, in the order in which searches show them; none where AWS would need an order form."""
    for stem in STEMS.get((country, kind), ()):
        for last in range(EACH):
            yield f"{stem}{last:02d}"


def known(number: str) -> tuple[str, str] | None:
    """Country and type of a number of the inventory; None of any other."""
    for sort, stems in STEMS.items():
        if number[:-2] in stems and number[-2:].isdigit():
            return sort
    return None
