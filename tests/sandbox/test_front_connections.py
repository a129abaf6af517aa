"""How the server shares its threads among connections: those that ask at once again, and those that wait."""

from __future__ import annotations

import socket
import threading
from http.client import HTTPConnection

from sbctl.sandbox.http.server import HOST, THREADS
from tests.sandbox.conftest import Sandbox
from tests.waits import PATIENCE_SECONDS

PATH = "/2013-04-01/hostedzone"
SCOPE = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/route53/aws4_request, SignedHeaders=host, Signature=0"
CLIENTS = THREADS + 8
ENOUGH = 20


def test_clients_that_never_stop_asking_leave_room_for_others(sandbox: Sandbox) -> None:
    """More clients than threads ask without a pause until each has had its share: none waits for the others to end."""
    answered = [0] * CLIENTS
    stop = threading.Event()

    def ask(number: int) -> None:
        connection = HTTPConnection(HOST, sandbox.running.port, timeout=PATIENCE_SECONDS)
        while not stop.is_set():
            connection.request("GET", PATH, headers={"Authorization": SCOPE})
            response = connection.getresponse()
            response.read()
            answered[number] += response.status == 200
            if min(answered) >= ENOUGH:
                stop.set()
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    ended = stop.wait(PATIENCE_SECONDS)
    stop.set()
    for thread in threads:
        thread.join()
    assert ended


def test_requests_sent_together_are_all_answered(sandbox: Sandbox) -> None:
    """A client that sends three requests before it reads gets three answers on one connection."""
    request = f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {SCOPE}\r\n"
    with socket.create_connection((HOST, sandbox.running.port), timeout=PATIENCE_SECONDS) as client:
        client.sendall(f"{request}\r\n{request}\r\n{request}Connection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.count(b"HTTP/1.1 200 OK") == 3
