"""Countries and types of telephone numbers that Connect knows.

https://docs.aws.amazon.com/connect/latest/APIReference/API_SearchAvailablePhoneNumbers.html
"""

from __future__ import annotations

from typing import Literal

from sbctl.core.text.alike import did_you_mean

NumberType = Literal[
    "TOLL_FREE", "DID", "UIFN", "SHARED", "THIRD_PARTY_TF", "THIRD_PARTY_DID", "SHORT_CODE"
]  # fmt: skip
"""DID is a local number; THIRD_PARTY numbers are brought along from a carrier."""

_CODES = (
    "AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BR BS BT BW BY BZ CA CC "
    "CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA "
    "GB GD GE GG GH GI GL GM GN GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH "
    "KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PT PW PY QA RE RO RS RU RW SA SB "
    "SC SD SE SG SH SI SJ SK SL SM SN SO SR ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY "
    "UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "
)
COUNTRIES = frozenset(_CODES.split())
"""ISO codes. Where a number of a country can be claimed depends on region and type: AWS says so when it is searched."""


def known_country(code: str) -> str:
    """The code. Raises ValueError for one that no request to Connect may carry."""
    if code not in COUNTRIES:
        example = "Write two capital letters, such as US or GB."
        raise ValueError(f"Connect knows no country {code!r}. {did_you_mean(code.upper(), COUNTRIES, example)}")
    return code
