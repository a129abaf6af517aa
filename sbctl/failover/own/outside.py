"""What steps of one's own reach the world with: the operator's environment, requests, commands, and AWS with longer time-outs."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sbctl.core.aws.calls import AwsCalls
from sbctl.probes.https_call import Answer, Request, send
from sbctl.probes.processes import Ended, run


@dataclass(frozen=True)
class Outside:
    """`aws` opens the client for functions and secrets; None: the failover's own, whose time-outs are short."""

    aws: Callable[[], AwsCalls] | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    send: Callable[[Request, float], Answer] = send
    run: Callable[[Sequence[str], Mapping[str, str], float, threading.Event], Ended] = run


HERE = Outside()
"""This machine, and the failover's own client."""
