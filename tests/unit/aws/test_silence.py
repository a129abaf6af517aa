"""A silent region is asked once in a run: by whichever client, however many ask, and only as far as the silence goes."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sbctl.aws.client import Client, ClientSettings
from sbctl.aws.layers.guards import COSTLY_SECONDS, Breaker
from sbctl.aws.layers.retry import RetriedCalls
from sbctl.aws.layers.silence import Silence
from sbctl.aws.layers.within import NoAnswerInTime, within
from sbctl.core.aws.error import AwsError, Waited
from sbctl.core.clock import FakeClock
from tests.unit.aws.fakes import http, silent
from tests.waits import eventually

EAST, WEST = "us-east-1", "us-west-2"
MANY = 12
TIMED_OUT: tuple[str, Waited] = ("Timeout", "answer")
NO_CONNECTION: tuple[str, Waited] = ("Unreachable", "connection")
CUT: tuple[str, Waited] = ("Timeout", "")


class Regions:
    """Answers by region and service: with nothing, or with a failure; counts who was asked."""

    def __init__(self, failing: dict[tuple[str, str], tuple[str, Waited]], clock: FakeClock | None = None) -> None:
        self.failing = failing
        self.asked: Counter[tuple[str, str]] = Counter()
        self.go = threading.Event()
        self.go.set()
        self.takes = 0.0
        self._clock = clock

    def call(self, service: str, operation: str, region: str, **_: Any) -> dict[str, Any]:
        self.asked[(service, region)] += 1
        self.go.wait()
        if self._clock:
            self._clock.sleep(self.takes)
        code, waited = self.failing.get((service, region), ("", ""))
        if code:
            raise AwsError(code, "no answer", service=service, operation=operation, region=region, waited=waited)
        return {}

    def wait(self, seconds: float, reason: str) -> None:
        """Nothing to wait for."""


def ask(calls: Breaker | RetriedCalls, service: str, region: str = EAST, operation: str = "ListTables") -> str:
    """The code of the failure; "" for an answer."""
    try:
        calls.call(service, operation, region)
    except AwsError as error:
        return error.code
    return ""


def standard(regions: Regions, silence: Silence | None = None) -> Breaker:
    return Breaker(regions, silence, FakeClock())


@pytest.mark.parametrize("operation", ["ListTables", "PutItem"])
@pytest.mark.parametrize("failure", [TIMED_OUT, NO_CONNECTION])
def test_many_ask_at_once_and_one_call_is_made(failure: tuple[str, Waited], operation: str) -> None:
    """While the first one waits for an answer nobody else asks; when it has none, nobody does."""
    regions = Regions({("dynamodb", EAST): failure})
    regions.go.clear()
    calls = standard(regions)
    with ThreadPoolExecutor(MANY) as pool:
        asking = [pool.submit(ask, calls, "dynamodb", EAST, operation) for _ in range(MANY)]
        eventually(lambda: regions.asked, "the first call")
        regions.go.set()
        found = Counter(one.result() for one in asking)
    assert regions.asked == {("dynamodb", EAST): 1}
    assert found == Counter([failure[0]]) + Counter({"Unreachable": MANY - 1})


def test_where_the_first_is_answered_all_go() -> None:
    """Those who waited ask then themselves."""
    regions = Regions({})
    regions.go.clear()
    calls = standard(regions)
    with ThreadPoolExecutor(MANY) as pool:
        asking = [pool.submit(ask, calls, "dynamodb") for _ in range(MANY)]
        eventually(lambda: regions.asked, "the first call")
        regions.go.set()
        assert {one.result() for one in asking} == {""}
    assert regions.asked == {("dynamodb", EAST): MANY}


def test_a_time_out_is_not_repeated() -> None:
    """The retries above do not multiply it."""
    regions = Regions({("dynamodb", EAST): TIMED_OUT})
    assert ask(RetriedCalls(standard(regions), FakeClock(), lambda _: None), "dynamodb") == "Unreachable"
    assert regions.asked == {("dynamodb", EAST): 1}


def test_clients_of_one_run_share_what_they_know() -> None:
    """What one client found silent no other asks; a run of its own, or one that forgets, does."""
    regions, silence = Regions({("dynamodb", EAST): TIMED_OUT}), Silence()
    assert ask(standard(regions, silence), "dynamodb") == "Timeout"
    assert ask(Breaker(regions, silence), "dynamodb") == "Unreachable"
    assert regions.asked[("dynamodb", EAST)] == 1
    assert ask(standard(regions), "dynamodb") == "Timeout"
    regions.failing.clear()
    silence.forget()
    assert ask(standard(regions, silence), "dynamodb") == ""


@pytest.mark.parametrize("failure", [TIMED_OUT, CUT])
def test_other_services_of_the_region_are_asked(failure: tuple[str, Waited]) -> None:
    """However many services took a connection and gave no answer, the next one may have one."""
    lost = ("dynamodb", "connect", "lambda", "sts")
    regions = Regions({(service, EAST): failure for service in lost})
    calls = standard(regions)
    for service in (*lost, *lost):
        assert ask(calls, service) != ""
    assert ask(calls, "s3") == ""
    assert ask(calls, "dynamodb", WEST) == ""


def test_a_region_without_connections_is_asked_for_two_services() -> None:
    """Where no connection can be made for two services, and nothing has ever answered, the others are not tried."""
    regions = Regions({(service, EAST): NO_CONNECTION for service in ("dynamodb", "connect", "s3", "iam")})
    calls = standard(regions)
    assert [ask(calls, service) for service in ("dynamodb", "connect", "s3", "lambda")] == ["Unreachable"] * 4
    assert regions.asked == {("dynamodb", EAST): 1, ("connect", EAST): 1}
    assert ask(calls, "iam") == "Unreachable"
    assert ask(calls, "route53") == ""
    assert regions.asked[("iam", EAST)] == 1


def test_a_region_that_has_answered_is_not_given_up_for_some_services() -> None:
    """A wall before two services is no loss of the region."""
    regions = Regions({(service, EAST): NO_CONNECTION for service in ("dynamodb", "connect")})
    calls = standard(regions)
    assert [ask(calls, service) for service in ("s3", "dynamodb", "connect", "lambda")] == [
        "",
        "Unreachable",
        "Unreachable",
        "",
    ]


def test_one_time_out_of_what_has_answered_is_no_silence() -> None:
    """A slow answer among others is asked for again; two in a row are silence."""
    regions = Regions({})
    calls = standard(regions)
    assert ask(calls, "dynamodb") == ""
    regions.failing[("dynamodb", EAST)] = TIMED_OUT
    assert [ask(calls, "dynamodb") for _ in range(3)] == ["Timeout", "Timeout", "Unreachable"]
    assert regions.asked[("dynamodb", EAST)] == 3


def test_a_cut_connection_counts_by_what_it_cost() -> None:
    """Cut at once it may be an accident, and is tried again; after a long silence it is not."""
    clock = FakeClock()
    regions = Regions({("dynamodb", EAST): CUT}, clock)
    assert [ask(Breaker(regions, None, clock), "dynamodb") for _ in range(2)] == ["Timeout", "Timeout"]
    regions.asked.clear()
    calls = Breaker(regions, None, clock)
    regions.takes = COSTLY_SECONDS
    assert [ask(calls, "dynamodb") for _ in range(2)] == ["Timeout", "Unreachable"]
    assert regions.asked[("dynamodb", EAST)] == 1


@pytest.mark.parametrize("code", ["NoCredentials", "SignInNeeded", "BadSettings", "NotSent"])
def test_what_was_not_sent_says_nothing_about_the_region(code: str) -> None:
    """Neither that it answers nor that it does not."""
    regions, silence = Regions({("dynamodb", EAST): (code, "")}), Silence()
    calls = standard(regions, silence)
    assert [ask(calls, "dynamodb") for _ in range(3)] == [code] * 3
    assert not silence.heard(("dynamodb", EAST))


def test_credentials_that_do_not_come_are_no_silence_of_the_region() -> None:
    """What gives them may be in another region than the one that is asked."""

    class Unsigned(Regions):
        def call(self, service: str, operation: str, region: str, **_: Any) -> dict[str, Any]:
            self.asked[(service, region)] += 1
            raise AwsError("Unreachable", "no credentials", operation=operation, region=region, asked=False)

    regions = Unsigned({})
    calls = standard(regions)
    assert [ask(calls, "dynamodb") for _ in range(3)] == ["Unreachable"] * 3
    assert regions.asked[("dynamodb", EAST)] == 3


def test_a_first_answer_has_a_time_of_its_own() -> None:
    """Nothing has answered yet: the read ends long before the client's own time-outs, as one that waited in vain."""
    with silent() as endpoint:
        settings = ClientSettings(endpoint_url=endpoint, placeholder_credentials=True, first_answer=0.05)
        with pytest.raises(AwsError) as caught:
            Client(settings).call("dynamodb", "ListTables", EAST)
    assert (caught.value.code, caught.value.waited, caught.value.asked) == ("Unreachable", "answer", True)
    assert caught.value.message == "no answer within 0.05 s"


def test_an_answer_in_time_is_the_answer() -> None:
    """Or the error that AWS sent."""
    with http(200, {"x-amzn-RequestId": "r"}, b'{"TableNames": ["a"]}') as endpoint:
        settings = ClientSettings(endpoint_url=endpoint, placeholder_credentials=True, first_answer=300.0)
        assert Client(settings).call("dynamodb", "ListTables", EAST)["TableNames"] == ["a"]
    with http(400, {"x-amzn-RequestId": "r"}, b'{"__type": "ValidationException", "message": "no"}') as endpoint:
        settings = ClientSettings(endpoint_url=endpoint, placeholder_credentials=True, first_answer=300.0)
        with pytest.raises(AwsError) as caught:
            Client(settings).call("dynamodb", "ListTables", EAST)
    assert caught.value.code == "ValidationException"


def test_a_late_answer_ends_the_silence() -> None:
    """Who gave up is told so; whoever asks next finds that something has come."""
    silence, come = Silence(), threading.Event()
    place = ("dynamodb", EAST)
    with pytest.raises(NoAnswerInTime, match="within 0 s"):
        within(come.wait, 0.0, lambda: silence.answered(place))
    silence.missed(place, AwsError("Unreachable", "no answer within 0 s", waited="answer"), enough=True)
    assert silence.why(place) == "no answer within 0 s"
    come.set()
    eventually(lambda: silence.heard(place), "the late answer")
    assert silence.why(place) is None
