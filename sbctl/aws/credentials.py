"""Credentials, loaded before they are needed: what fails then is no answer of AWS, and what hangs has its end.

botocore asks the providers while it signs a request, so that their errors would be taken for those of the request. A program
that gives credentials (credential_process) may wait for ever.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from sbctl.aws.layers.limit import THROTTLES
from sbctl.aws.meaning import host_of, meaning
from sbctl.core.aws.error import AwsError
from sbctl.core.text.secrets import redacted

T = TypeVar("T")
PATIENCE_SECONDS = 60.0
"""Longer than a provider's own time-outs."""
HUMAN_SECONDS = 300.0
"""Where somebody may be asked: for an MFA code, or by the program."""
ATTEMPTS = 3
PAUSE_SECONDS = 0.5
SERVER_ERROR = 500
KEPT = frozenset({"NoCredentials", "SignInNeeded", "BadSettings", "Unreachable"})


class Credentials:
    """The credentials of one session. Thread-safe. `patience` is how long a provider may take, in real seconds; `home` the region
    for which the session was begun, to which its providers go where they have none of their own.
    """

    def __init__(self, session: Any, patience: float | None = None, home: str = "") -> None:
        self._session = session
        self._home = home
        self._patience = patience
        self._lock = threading.Lock()
        self._found: Any = None
        self._silent: AwsError | None = None
        """Why they will not come in this run."""

    def made(self, make: Callable[[], T], region: str) -> T:
        """What `make` makes of the session: its first client finds the credentials. Raises AwsError."""
        with self._lock:
            if self._found is not None:
                return make()
            return self._within(lambda: self._first(make), region)

    def renew(self, region: str) -> None:
        """Renew them where that is due. Raises AwsError; none at all is for the request to tell."""
        with self._lock:
            due: Callable[..., bool] | None = getattr(self._found, "refresh_needed", None)
            if due is None or not due():
                return
            try:
                self._within(self._found.get_frozen_credentials, region)
            except AwsError:
                if due(0):
                    raise
                # they are renewed a quarter of an hour early, and hold till then

    def _first(self, make: Callable[[], T]) -> T:
        made = make()
        self._found = self._session.get_credentials()
        return made

    def _within(self, act: Callable[[], T], region: str) -> T:
        """The result of what asks a provider, within the time that it has."""
        if self._silent is not None:
            raise self._silent
        done: list[T] = []
        failed: list[Exception] = []

        def run() -> None:
            try:
                done.append(_repeated(act))
            except Exception as error:  # noqa: BLE001 - providers let all kinds of errors out
                failed.append(error)

        thread = threading.Thread(target=run, daemon=True, name="credentials")
        thread.start()
        patience = self._patience or (HUMAN_SECONDS if sys.stdin and sys.stdin.isatty() else PATIENCE_SECONDS)
        thread.join(patience)
        if failed:
            error = _not_loaded(failed[0], self._home or region)
            if isinstance(failed[0], EOFError) or error.code == "Unreachable":
                self._silent = error  # nobody is there to be asked again
            raise error from failed[0]
        if not done:
            text = f"what gives the profile's credentials (credential_process) did not answer within {patience:g} s"
            self._silent = AwsError("NoCredentials", text, region=region)
            raise self._silent
        return done[0]


def _repeated(act: Callable[[], T]) -> T:
    """The result, also where AWS was too busy at first; what does not answer is not asked again."""
    for _ in range(ATTEMPTS - 1):
        try:
            return act()
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if error.response.get("Error", {}).get("Code") not in THROTTLES and status < SERVER_ERROR:
                raise
            time.sleep(PAUSE_SECONDS)
    return act()


def _not_loaded(error: Exception, region: str) -> AwsError:
    if isinstance(error, ClientError):
        return _refused(error, region)
    code, message = meaning(error)
    own_words = isinstance(error, BotoCoreError | EOFError | ValueError)
    if code == "Timeout":
        code, message = "Unreachable", f"what gives the credentials does not answer ({host_of(error) or message})"
    elif code == "Unreachable":
        message = f"what gives the credentials: {message}"
    elif code == "NotSent":  # botocore's own word on a setting
        code = "BadSettings"
    elif code not in KEPT or not own_words:
        code, message = "NoCredentials", f"the profile's credentials cannot be loaded ({type(error).__name__}: {error})"
    return AwsError(code, redacted(message), region=region)


def _refused(error: ClientError, region: str) -> AwsError:
    """AWS does not give the credentials of a role, or of a sign-in."""
    said = error.response.get("Error") or {}
    code, message = str(said.get("Code") or "Unknown"), str(said.get("Message") or "")
    operation = str(error.operation_name)
    refused = AwsError(code, redacted(message), service="sts", operation=operation, region=region)
    if refused.denied:
        return refused
    text = f"{operation}, which gives the profile's credentials, answered {code}: {message}"
    return AwsError("NoCredentials", redacted(text), region=region)
