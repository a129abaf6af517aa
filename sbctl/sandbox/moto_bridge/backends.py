"""Contact with moto: its WSGI application behind one lock for each service, because moto loses writes without (moto.md 2.2).

Beside it, a file moto_<service> for each service whose inside is touched, with a test of contact of its own.

Pinned to MOTO_VERSION; tests/sandbox/test_front_moto_contact.py fails when the version or one of the points touched here
moves. They are: DomainDispatcherApplication, its get_backend_for_host, create_backend_app, default_user_config, the
environ key for preserved header names, moto_api_backend.reset, and two environment variables.
"""

from __future__ import annotations

import io
import os
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from sbctl.sandbox.moto_bridge.allowed_operations import SERVICES
from sbctl.sandbox.moto_bridge.direct import direct_application, remember_method_names
from sbctl.sandbox.moto_bridge.expressions import remember_expressions
from sbctl.sandbox.moto_bridge.policies import remember_policies
from sbctl.sandbox.wire.identify import Request
from sbctl.sandbox.wire.response import Response

MOTO_VERSION = "5.2.5"
MOTO_STATE = "moto.core.base_backend"
PRESERVED = "moto.preserved_header_names"
READING = ("BatchGet", "Describe", "Filter", "Get", "List", "Query", "Scan", "TransactGet")
"""How the names of operations begin that change nothing."""
ACTION_WITHIN = 4096
_ACTION = re.compile(rb"(?:^|&)Action=([A-Za-z]+)")
SHIELDED = frozenset({"dynamodb", "iam"})
_LOCKS = {service: threading.RLock() for service in sorted(SERVICES)}
"""One a service for the whole process, as moto's state is; whoever holds it may call moto under it."""


class NotCarriedError(Exception):
    """moto lacks the operation."""


class MotoBackends:
    """moto in process. Its state is global to the process: two worlds in one process share it. Imported at the first call."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._tell()
        self._guard = threading.Lock()
        self._application: Any = None
        self._uses: Counter[str] = Counter()

    @property
    def loaded(self) -> bool:
        """Whether moto was needed yet."""
        return self._application is not None

    def call(self, service: str, request: Request) -> Response:
        """Answer one raw request, one at a time for each service. Raises NotCarriedError, and whatever moto trips over."""
        if service not in _LOCKS:
            raise NotCarriedError(service)
        application = self._loaded()
        if not only_reads(request):
            self._uses[service] += 1
        with _LOCKS[service]:
            try:
                response = _run(application, _environ(request))
            except NotImplementedError as error:
                raise NotCarriedError(str(error)) from error
        if _is_missing_route(response):
            raise NotCarriedError(f"{request.method} {request.path}")
        return response

    @contextmanager
    def alone(self, service: str) -> Iterator[None]:
        """Make several calls and looks at a service's state one step. Never hold it while taking another service's."""
        self._uses[service] += 1
        with _LOCKS[service]:
            yield

    @contextmanager
    def looking(self, service: str) -> Iterator[None]:
        """The same for those who change nothing."""
        with _LOCKS[service]:
            yield

    def uses(self, service: str) -> int:
        """A number that has moved when the service's state may have changed. To be read while nothing can change it.

        moto's services write into each other (notifications, exports); into those of SHIELDED none but themselves.
        """
        return self._uses[service] if service in SHIELDED else self._uses.total()

    def _tell(self) -> None:
        # moto reads both at every request, and has no other way in
        os.environ["MOTO_ACCOUNT_ID"] = self._account
        os.environ["MOTO_ALLOW_NONEXISTENT_REGION"] = "true"

    def reset(self) -> None:
        """Forget everything in every region, of an earlier world in this process too, which may have been another account's.

        No import when there was none.
        """
        self._tell()
        if not self.loaded and MOTO_STATE not in sys.modules:
            return
        from moto.moto_api._internal.models import moto_api_backend

        with ExitStack() as held:
            for lock in _LOCKS.values():
                held.enter_context(lock)
            self._uses.update(_LOCKS.keys())
            moto_api_backend.reset()

    def _loaded(self) -> Any:
        with self._guard:
            if self._application is None:
                self._application = _application()
            return self._application


def _application() -> Any:
    """moto's dispatcher. The import takes most of a second."""
    from moto.core.config import default_user_config
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    default_user_config["iam"]["load_aws_managed_policies"] = True

    remember_method_names()
    remember_policies()

    def create_app(backend: Any) -> Any:
        if backend == "dynamodb":
            remember_expressions()
        direct = direct_application(backend)
        if direct is not None:
            return direct
        flask = create_backend_app(backend)
        # a fault inside moto then reaches us as an exception, told apart from an answer, instead of as an HTML page
        flask.config["PROPAGATE_EXCEPTIONS"] = True
        return flask

    application: Any = DomainDispatcherApplication(create_app)
    # moto lists its package directory at every request otherwise (moto.md 2.3)
    application.get_backend_for_host = lru_cache(maxsize=4096)(application.get_backend_for_host)
    return application


def only_reads(request: Request) -> bool:
    """Whether a request certainly changes nothing, by its method or by the name of its operation."""
    target = request.headers.get("x-amz-target", "")
    if target:
        return target.rpartition(".")[2].startswith(READING)
    action = _ACTION.search(request.body[:ACTION_WITHIN]) if request.method == "POST" else None
    if action is not None:
        return action[1].decode("latin-1").startswith(READING)
    return request.method in ("GET", "HEAD") and "Action=" not in request.query


def _environ(request: Request) -> dict[str, Any]:
    raw = request.path + (f"?{request.query}" if request.query else "")
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "RAW_URI": raw,  # without it, paths with %2F break
        "REQUEST_URI": raw,
        "QUERY_STRING": request.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        **_header_environ(request.headers),
    }


def _header_environ(headers: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"HTTP_HOST": "127.0.0.1"}
    preserved: dict[str, str] = {}
    for name, value in headers.items():
        key = "HTTP_" + name.upper().replace("-", "_")
        if name == "content-type":
            found["CONTENT_TYPE"] = value
        elif name == "user-agent":
            # moto reads a region out of the user agent; only the signature's scope may say it
            found[key] = value.replace("region/", "region-")
        elif name not in ("content-length", "transfer-encoding"):
            found[key] = value
            if "_" in name:  # the keys of S3 metadata, which WSGI cannot tell from dashed ones
                preserved[key] = name
    found[PRESERVED] = preserved
    return found


def _run(application: Any, environ: dict[str, Any]) -> Response:
    seen: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
        seen["status"], seen["headers"] = int(status.split()[0]), headers
        return lambda _data: None

    chunks: Iterable[bytes] = application(environ, start)
    body = b"".join(chunks)
    close = getattr(chunks, "close", None)
    if close:
        close()
    # moto lets every web page in, which nobody asked it to
    kept = {name.lower(): value for name, value in seen["headers"] if not name.lower().startswith("access-control-")}
    return Response(seen["status"], body, kept)


def _is_missing_route(response: Response) -> bool:
    """How Flask says that moto has no such path or method: an HTML page where a service's answer should be (moto.md 1)."""
    html = "text/html" in response.headers.get("content-type", "")
    return html and response.status in (404, 405, 500) and b"<html" in response.body[:200].lower()
