"""How a connection is shared among threads: a client that asks again at once is heard by the thread that answered it.

cheroot gives each connection back to its listener after every answer, which then looks for a free thread: two changes of
threads a request, and on a busy machine most of the time of a small one.
"""

from __future__ import annotations

import select
from typing import cast

from cheroot.server import HTTPConnection

PATIENCE_MILLISECONDS = 2
"""How long a thread waits for the same client's next request before it leaves the connection to the listener."""


class PatientConnection(HTTPConnection):
    """One client's connection. Threads are patient only while nobody else waits for one."""

    def communicate(self) -> bool:
        """Answer one request, and those that come at once after it. Whether the connection stays open."""
        stays = self._answer()
        while stays and not self.server.requests.qsize and self._asks_again():
            stays = self._answer()
        return stays

    def _answer(self) -> bool:
        return cast(bool, super().communicate())  # type: ignore[no-untyped-call]

    def _asks_again(self) -> bool:
        waiting = select.poll()
        waiting.register(self.socket.fileno(), select.POLLIN)
        return bool(waiting.poll(PATIENCE_MILLISECONDS))
