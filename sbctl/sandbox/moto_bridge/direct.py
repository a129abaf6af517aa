"""Contact with moto's services that have one address, "/": asked without Flask, whose routing would choose among one.

It is a quarter of the time of a small request. Points touched, checked by tests/sandbox/test_direct_moto_contact.py:
get_backend, flask_paths and the handlers in it, Request with from_wsgi_server and raw_url, method_names_from_class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
"""A WSGI application."""
ADDRESS = "/"
ACCOUNT = "123456789012"
"""Any would do."""


def direct_application(service: str) -> Application | None:
    """What answers a service with one address; None for one with several."""
    paths = _paths(service)
    return application_of(paths[ADDRESS]) if list(paths) == [ADDRESS] else None


def remember_method_names() -> None:
    """Have moto look through a service's class once, and not at every request."""
    responses: Any = import_module("moto.core.responses")
    if not hasattr(responses.method_names_from_class, "cache_info"):
        responses.method_names_from_class = cache(responses.method_names_from_class)


def _paths(service: str) -> dict[str, Any]:
    """The addresses are the same in all accounts and regions; services without regions are under "aws"."""
    backends: Any = import_module("moto.backends")
    regions = backends.get_backend(service)[ACCOUNT]
    paths: dict[str, Any] = regions["us-east-1" if "us-east-1" in regions else "aws"].flask_paths
    return paths


def application_of(handler: Any) -> Application:
    """A WSGI application that asks nothing but this handler of moto's."""
    from moto.core.request import Request
    from werkzeug.exceptions import HTTPException
    from werkzeug.wrappers import Response

    class ServedRequest(Request):
        """One that came over the wire, so that the server gives the date."""

        from_wsgi_server = True

    def answer(environ: dict[str, Any]) -> Any:
        request = ServedRequest(environ)
        if request.path != ADDRESS:
            raise NotImplementedError(request.path)
        try:
            status, headers, body = handler(request, request.raw_url, dict(request.headers))
        except HTTPException as error:  # what Flask makes of it
            return error.get_response(environ)
        return Response(body, status, headers)

    def run(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        found: Iterable[bytes] = answer(environ)(environ, start_response)
        return found

    return run
