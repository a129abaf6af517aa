"""Passwords of new users: random, told to nobody, and forgotten at once. Users set their own by "Forgot password".

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateUser.html
"""

from __future__ import annotations

import secrets
import string

LENGTH = 48
"""Characters; AWS takes 8 to 64."""
_SORTS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
"""AWS asks for one of each."""


def new_password() -> str:
    """A password that nobody knows. It must not be shown, logged, written down or kept."""
    letters = [secrets.choice(sort) for sort in _SORTS]
    letters += [secrets.choice("".join(_SORTS)) for _ in range(LENGTH - len(letters))]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)
