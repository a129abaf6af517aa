"""The sandbox against plain `moto_server`: requests a second and CPU time of the same calls, side by side, as ratios.

python bench/server_rate.py [--seconds 1.0] [--rounds 3] [--threads 1,4,16] [--calls dynamodb]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import boto3
from rich.console import Console
from rich.table import Table

REGION = "us-east-1"
WARM_UP_SECONDS = 0.2
START_SECONDS = 30.0


@dataclass(frozen=True)
class Request:
    """One call, as a client sends it; the servers look at the signature's scope alone."""

    name: str
    service: str
    method: str = "POST"
    path: str = "/"
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def all_headers(self) -> dict[str, str]:
        """With the scope that names service and region."""
        scope = f"Credential=sandbox/20260101/{REGION}/{self.service}/aws4_request"
        return {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0", **self.headers}


def dynamodb(operation: str, **params: object) -> Request:
    headers = {"X-Amz-Target": f"DynamoDB_20120810.{operation}", "Content-Type": "application/x-amz-json-1.0"}
    return Request(f"dynamodb {operation}", "dynamodb", body=json.dumps(params), headers=headers)


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CALLS = (
    Request("connect ListInstances", "connect", "GET", "/instance"),
    Request("route53 ListHostedZones", "route53", "GET", "/2013-04-01/hostedzone"),
    dynamodb("GetItem", TableName="bench", Key={"id": {"S": "1"}}),
    dynamodb("PutItem", TableName="bench", Item={"id": {"S": "1"}, "n": {"N": "1"}}),
    dynamodb(
        "UpdateItem",
        TableName="bench",
        Key={"id": {"S": "1"}},
        UpdateExpression="ADD n :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    ),
    Request("s3 HeadObject", "s3", "HEAD", "/bench-bucket/key"),
    Request("iam GetRole", "iam", body="Action=GetRole&RoleName=bench&Version=2010-05-08", headers=FORM),
)


@dataclass(frozen=True)
class Server:
    """A process that answers on a port."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """The CPU time that it has used so far; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """What one server did in one round."""

    rate: float
    cpu_milliseconds: float
    """Of the server, a request: what a machine shared with others changes least."""


@contextmanager
def running(command: list[str], port: int) -> Iterator[Server]:
    """A server process, for as long as the context lasts."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        try:
            await_port(port, process)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            process.wait(10)


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"no server on port {port}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def prepare(port: int) -> None:
    """The same resources on either server."""

    def client(service: str) -> boto3.client:
        url = f"http://127.0.0.1:{port}"
        keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
        return boto3.client(service, region_name=REGION, endpoint_url=url, **keys)

    tables = client("dynamodb")
    tables.create_table(
        TableName="bench",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    tables.get_waiter("table_exists").wait(TableName="bench", WaiterConfig={"Delay": 1})
    tables.put_item(TableName="bench", Item={"id": {"S": "1"}, "n": {"N": "0"}})
    client("s3").create_bucket(Bucket="bench-bucket")
    client("s3").put_object(Bucket="bench-bucket", Key="key", Body=b"x" * 1000)
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
    client("iam").create_role(RoleName="bench", AssumeRolePolicyDocument=json.dumps(trust))
    client("route53").create_hosted_zone(Name="example.com", CallerReference="bench")


def rate(port: int, request: Request, threads: int, seconds: float) -> float:
    """Successful requests a second. Raises RuntimeError at the first that is refused."""
    counts = [0] * threads
    failures: list[str] = []
    begin, end = threading.Barrier(threads + 1), [0.0]

    def work(number: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        begin.wait()
        while time.perf_counter() < end[0] and not failures:
            connection.request(request.method, request.path, request.body or None, request.all_headers())
            response = connection.getresponse()
            answer = response.read()
            if response.status != 200:
                failures.append(f"{request.name}: {response.status} {answer[:200]!r}")
            counts[number] += 1

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    end[0] = time.perf_counter() + seconds
    begin.wait()
    for worker in workers:
        worker.join()
    if failures:
        raise RuntimeError(failures[0])
    return sum(counts) / seconds


def measured(
    pool: multiprocessing.pool.Pool, server: Server, request: Request, threads: int, seconds: float
) -> Measured:
    pool.apply(rate, (server.port, request, threads, WARM_UP_SECONDS))
    before = server.cpu_seconds()
    found: float = pool.apply(rate, (server.port, request, threads, seconds))
    return Measured(found, (server.cpu_seconds() - before) * 1000 / (found * seconds))


def row_of(rounds: list[tuple[Measured, Measured]]) -> list[str]:
    """The medians of the sandbox and of the other, and the medians of the ratios within each round."""
    mine, other = zip(*rounds, strict=True)
    cpu = [ours.cpu_milliseconds and theirs.cpu_milliseconds / ours.cpu_milliseconds for ours, theirs in rounds]
    return [
        f"{statistics.median(one.rate for one in mine):.0f}",
        f"{statistics.median(one.rate for one in other):.0f}",
        f"{statistics.median(ours.rate / theirs.rate for ours, theirs in rounds):.2f}",
        f"{statistics.median(one.cpu_milliseconds for one in mine):.2f}",
        f"{statistics.median(one.cpu_milliseconds for one in other):.2f}",
        f"{statistics.median(cpu):.2f}",
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="of one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", default="1,4,16")
    parser.add_argument("--calls", default="", help="only those whose name has this in it")
    options = parser.parse_args()
    calls = [call for call in CALLS if options.calls in call.name]
    ours, theirs = free_port(), free_port()
    sandbox = [sys.executable, "-m", "sbctl.sandbox", "--port", str(ours), "--no-limits"]
    plain = [str(Path(sys.executable).with_name("moto_server")), "-H", "127.0.0.1", "-p", str(theirs)]
    columns = ("call", "threads", "1/s", "moto's", "ratio", "CPU ms", "moto's", "ratio")
    with running(sandbox, ours) as one, running(plain, theirs) as other, multiprocessing.Pool(1) as pool:
        prepare(ours)
        prepare(theirs)
        table = Table(*columns, title="sandbox and moto_server, medians of rounds in turns")
        for threads in map(int, options.threads.split(",")):
            for request in calls:
                rounds = [
                    (
                        measured(pool, one, request, threads, options.seconds),
                        measured(pool, other, request, threads, options.seconds),
                    )
                    for _ in range(options.rounds)
                ]
                table.add_row(request.name, str(threads), *row_of(rounds))
        Console().print(table)


if __name__ == "__main__":
    main()
