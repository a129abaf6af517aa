"""One call to AWS, and whatever comes of it translated once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from sbctl.aws.answer import read, whole
from sbctl.aws.clients import Clients
from sbctl.aws.clients import ClientSettings as ClientSettings
from sbctl.aws.layers.silence import Silence
from sbctl.aws.layers.within import NoAnswerInTime, within
from sbctl.aws.meaning import meaning
from sbctl.aws.reads import is_read
from sbctl.core.aws.error import AwsError, Waited
from sbctl.core.text.secrets import redacted

PAGE = "a page of HTML, so that it was not AWS that answered, or something that does not know this operation"
REDIRECT = re.compile("3[0-9][0-9]")
NOT_SENT = frozenset({"NoCredentials", "SignInNeeded", "BadSettings", "NotSent", "NoRoom"})
"""What can be the matter before anything is sent."""
WAITED: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Waited], ...] = (
    (ConnectTimeoutError, "connection"),
    ((ReadTimeoutError, NoAnswerInTime), "answer"),
)


class Client:
    """Makes calls, each once: botocore's own retries are off, ours are above."""

    def __init__(self, settings: ClientSettings, silence: Silence | None = None) -> None:
        self._settings = settings
        self._silence = silence or Silence()
        self._clients = Clients(settings, self._silence)

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        """One request. Raises AwsError; `Unreachable` means that nothing arrived, `Timeout` that it may have."""
        with _before_sending(service, operation, region):
            client = self._clients.ready(service, region)
        try:
            send = partial(getattr(client, xform_name(operation)), **params)
            answer: dict[str, Any] = self._sent(send, service, operation, region)
            shape = client.meta.service_model.operation_model(operation).output_shape
            found: dict[str, Any] = read(_read_body(answer), (service, operation, region), shape)
            return found
        except ClientError as error:
            raise _refused(error, service, operation, region) from error
        except Exception as error:  # botocore's parsers let all kinds of errors out
            raise _not_answered(error, service, operation, region) from error

    def _sent(self, send: Callable[[], dict[str, Any]], service: str, operation: str, region: str) -> dict[str, Any]:
        """The answer; where nothing has answered yet in this run, within a time of its own."""
        place, seconds = (service, region), self._settings.first_answer
        if seconds is None or not is_read(operation) or self._silence.heard(place):
            return send()
        return within(send, seconds, partial(self._silence.answered, place))

    def endpoint(self, service: str, region: str) -> str:
        """The URL at which calls to a service in a region arrive, as boto3 resolves it. Raises AwsError."""
        with _before_sending(service, "", region):
            return str(self._clients.unsigned(service, region).meta.endpoint_url)

    def wait(self, seconds: float, reason: str) -> None:
        """The client itself never waits; the layers above do."""
        raise NotImplementedError(f"wait {seconds} s for {reason}")


def _read_body(answer: dict[str, Any]) -> dict[str, Any]:
    body = answer.get("Body")
    if body is not None and hasattr(body, "read"):
        return {**answer, "Body": body.read()}
    return answer


def _refused(error: ClientError, service: str, operation: str, region: str) -> AwsError:
    answer = error.response
    said = _mapping(answer.get("Error"))
    meta = _mapping(answer.get("ResponseMetadata"))
    members = {name: value for name, value in answer.items() if name not in ("Error", "ResponseMetadata")}
    # A refused signature is told with the request's headers in full, the session token among them.
    message = redacted(whole(_text(str(said.get("Message") or "")) or _problems(members)))
    status = meta.get("HTTPStatusCode")
    code = whole(str(said.get("Code") or "Unknown"))
    if not message and service != "s3" and REDIRECT.fullmatch(code):  # S3 sends some of its own
        message = "a redirect, as a proxy or a sign-in page sends it, so that it was not AWS that answered"
    return AwsError(
        code,
        message,
        service=service,
        operation=operation,
        region=region,
        status=status if isinstance(status, int) else 0,
        request_id=str(meta.get("RequestId") or ""),
        members=members,
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    """A part of an error's answer; empty where the answer has something else there."""
    return value if isinstance(value, Mapping) else {}


def _text(message: str) -> str:
    """A page in place of AWS's error is some proxy's or stand-in's: of it only what it is."""
    if not message.lstrip().startswith("<"):
        return message
    return PAGE


def _problems(members: dict[str, Any]) -> str:
    """InvalidContactFlowException has an empty message: its text is in `problems` (modules: `Problems`)."""
    found = members.get("problems") or members.get("Problems") or members.get("messages") or []
    rows = found if isinstance(found, list) else [found]
    return "; ".join(str(item.get("message", item)) if isinstance(item, dict) else str(item) for item in rows)


@contextmanager
def _before_sending(service: str, operation: str, region: str) -> Iterator[None]:
    """Errors of settings and credentials, as those of the call that they stop."""
    try:
        yield
    except AwsError as error:
        raise AwsError(
            error.code,
            error.message,
            service=error.service or service,
            operation=error.operation or operation,
            region=region,
            asked=False,
        ) from error
    except Exception as error:  # botocore, and what it reads its settings with, let all kinds of errors out
        code, message = meaning(error)
        if code not in NOT_SENT:
            code, message = "BadSettings", f"{type(error).__name__}: {error}"
        told = redacted(message)
        raise AwsError(code, told, service=service, operation=operation, region=region, asked=False) from error


_NOTHING: Waited = ""


def _not_answered(error: Exception, service: str, operation: str, region: str) -> AwsError:
    if isinstance(error, AwsError):
        return error
    code, message = ("Unreachable", str(error)) if isinstance(error, NoAnswerInTime) else meaning(error)
    waited = next((what for kinds, what in WAITED if isinstance(error, kinds)), _NOTHING)
    return AwsError(code, redacted(message), service=service, operation=operation, region=region, waited=waited)
