"""The user and the host that run this process."""

from __future__ import annotations

import getpass
import os
import secrets
import socket

from sbctl import __version__
from sbctl.core.actor import Actor
from sbctl.core.clock import Clock


def operator() -> str:
    """Who is at the keyboard; by number where the machine knows no name, as in a container."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):
        name = f"uid-{os.getuid()}" if hasattr(os, "getuid") else "somebody"
    return f"{name}@{socket.gethostname()}"


def actor_here(clock: Clock) -> Actor:
    """This process. Its name says when it began; two bytes tell processes of the same second apart."""
    run = f"sbctl-{clock.now():%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
    return Actor(operator(), socket.gethostname(), __version__, run)
