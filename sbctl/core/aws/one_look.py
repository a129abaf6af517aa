"""One look at AWS, in which a read is made once however many ask for it, so that kinds can share pages.

What is shared is told apart from a plain client by its type: only here does a page of tags pay (resources/calls/tag_pages.py).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError

Answer = dict[str, Any]
TAG_PAGES = "resourcegroupstaggingapi:GetResources"
"""The call that reads tags in pages."""
PAGED = frozenset({TAG_PAGES, "iam:GetAccountAuthorizationDetails"})
"""Calls whose pages gather what other calls say one by one: they may be behind the last write."""


class OneLook:
    """A client for the time of one look. Thread-safe. Equal reads get the answer, or the error, of the first."""

    def __init__(self, inner: AwsCalls, project: str = "", *, fast: bool = False, brief: bool = False) -> None:
        """`project` narrows pages of tags. With `fast`, what AWS gives only one by one is not asked for.

        With `brief`, pages are read no further than what the config has words for.
        """
        self._inner = inner
        self._lock = threading.Lock()
        self._asked: dict[str, Future[Answer]] = {}
        self.project = project
        self.fast = fast
        self.brief = brief
        self.tags: dict[str, Mapping[str, dict[str, str]]] = {}
        """Region → its pages of tags, by ARN, once they are read."""
        self.without_pages: dict[str, AwsError] = {}
        """Region → why its tags cannot be read in pages."""
        self.without_roles: dict[str, AwsError] = {}
        """The same of roles."""

    def call(self, service: str, operation: str, region: str, **params: Any) -> Answer:
        key = json.dumps([service, operation, region, params], sort_keys=True, default=str)
        with self._lock:
            known = self._asked.get(key)
            mine: Future[Answer] = known or self._asked.setdefault(key, Future())
        if known is None:
            try:
                mine.set_result(self._inner.call(service, operation, region, **params))
            except BaseException as error:
                mine.set_exception(error)
                raise
        return mine.result()

    def wait(self, seconds: float, reason: str) -> None:
        self._inner.wait(seconds, reason)
