"""A chat by connectparticipant, as a plain boto3 client holds one on a served sandbox."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.sandbox.contacts.call_centre import action, to_queue
from tests.sandbox.records.served import ServedCentre, served_centre

TEXT = "text/plain"
HELLO = action("hello", "MessageParticipant", "set", Text="How can we help?")


class Chatter:
    """A customer in a chat."""

    def __init__(self, centre: ServedCentre, flow: str, **more: Any) -> None:
        begun = centre.connect.start_chat_contact(
            InstanceId=centre.id, ContactFlowId=flow, ParticipantDetails={"DisplayName": "Jane"}, **more
        )
        self.contact, self.participant = begun["ContactId"], begun["ParticipantId"]
        self.service = centre.sandbox.client("connectparticipant")
        self.token = begun["ParticipantToken"]
        connection = self.service.create_participant_connection(
            Type=["WEBSOCKET", "CONNECTION_CREDENTIALS"], ParticipantToken=self.token
        )
        self.websocket = connection["Websocket"]["Url"]
        self.connection = connection["ConnectionCredentials"]["ConnectionToken"]
        centre.advance(0)

    def say(self, text: str, **more: Any) -> str:
        """Send a message; its id."""
        sent = self.service.send_message(ContentType=TEXT, Content=text, ConnectionToken=self.connection, **more)
        assert sent["AbsoluteTime"].endswith("Z")
        return str(sent["Id"])

    def items(self, **more: Any) -> list[dict[str, Any]]:
        """The whole transcript, oldest first."""
        found: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        while True:
            page = self.service.get_transcript(
                ConnectionToken=self.connection, ScanDirection="FORWARD", SortOrder="ASCENDING", **more, **token
            )
            found += page["Transcript"]
            if not page.get("NextToken"):
                return found
            token = {"NextToken": page["NextToken"]}

    def texts(self) -> list[tuple[str, str]]:
        """Who wrote what."""
        return [(one["ParticipantRole"], one["Content"]) for one in self.items() if one["Type"] == "MESSAGE"]

    def refused(self, operation: str, **params: Any) -> str:
        """The code with which an operation of the chat is refused."""
        with pytest.raises(ClientError) as caught:
            getattr(self.service, operation)(**{"ConnectionToken": self.connection, **params})
        return str(caught.value.response["Error"]["Code"])


@pytest.fixture
def centre(sandbox: Sandbox) -> ServedCentre:
    return served_centre(sandbox)


@pytest.fixture
def chatter(centre: ServedCentre) -> Chatter:
    """A customer who waits for an agent, after the flow has greeted it."""
    return Chatter(centre, centre.make_flow("Chat", to_queue(centre.queue, HELLO)))


def test_a_chat_from_its_start_to_its_end(centre: ServedCentre, chatter: Chatter) -> None:
    """The flow writes, the customer answers, an agent joins, the customer leaves, and no token is good any more."""
    assert chatter.websocket.startswith("wss://")
    said = chatter.say("My order")
    assert chatter.texts() == [("SYSTEM", "How can we help?"), ("CUSTOMER", "My order")]
    assert said in {one["Id"] for one in chatter.items()}
    centre.act("agents/start", per_queue=1, instance=centre.id)
    centre.advance(10)
    kinds = [(one["Type"], one["ParticipantRole"]) for one in chatter.items()]
    assert kinds[0] == ("PARTICIPANT_JOINED", "CUSTOMER")
    assert chatter.items()[0]["ParticipantId"] == chatter.participant
    assert kinds[-1] == ("PARTICIPANT_JOINED", "AGENT")
    chatter.service.disconnect_participant(ConnectionToken=chatter.connection)
    assert chatter.refused("send_message", ContentType=TEXT, Content="Hello?") == "AccessDeniedException"
    assert chatter.refused("get_transcript") == "AccessDeniedException"
    contact = centre.connect.describe_contact(InstanceId=centre.id, ContactId=chatter.contact)["Contact"]
    assert (contact["Channel"], contact["DisconnectReason"]) == ("CHAT", "CUSTOMER_DISCONNECT")


def test_a_transcript_is_read_in_pages_both_ways(chatter: Chatter) -> None:
    """Forward and backward, from a place, in either order; the newest come first where nothing is said."""
    for number in range(20):
        chatter.say(f"line {number}")
    every = [one["Id"] for one in chatter.items(MaxResults=7)]
    assert len(every) == len(set(every)) == 22
    usual = chatter.service.get_transcript(ConnectionToken=chatter.connection)
    assert [one["Id"] for one in usual["Transcript"]] == list(reversed(every))[:15]
    assert usual["InitialContactId"] == chatter.contact
    later = chatter.service.get_transcript(
        ConnectionToken=chatter.connection, ScanDirection="FORWARD", SortOrder="ASCENDING", MaxResults=3,
        StartPosition={"Id": every[5]},
    )  # fmt: skip
    assert [one["Id"] for one in later["Transcript"]] == every[5:8]
    assert chatter.refused("get_transcript", StartPosition={"Id": "none"}) == "ValidationException"


def test_a_message_that_is_sent_twice_is_one(chatter: Chatter) -> None:
    """A client's token makes a repeated request the same message."""
    assert chatter.say("Once", ClientToken="t-1") == chatter.say("Once", ClientToken="t-1")
    assert chatter.texts().count(("CUSTOMER", "Once")) == 1


def test_receipts_are_told_with_their_message(chatter: Chatter) -> None:
    """Read by the customer; typing is no part of a transcript, and other events are refused."""
    [greeting] = [one for one in chatter.items() if one["Type"] == "MESSAGE"]
    event = "application/vnd.amazonaws.connect.event."
    chatter.service.send_event(ContentType=f"{event}typing", ConnectionToken=chatter.connection)
    chatter.service.send_event(
        ContentType=f"{event}message.read", Content=json.dumps({"messageId": greeting["Id"]}),
        ConnectionToken=chatter.connection,
    )  # fmt: skip
    [again] = [one for one in chatter.items() if one["Type"] == "MESSAGE"]
    [receipt] = again["MessageMetadata"]["Receipts"]
    assert (receipt["RecipientParticipantId"], "ReadTimestamp" in receipt) == (chatter.participant, True)
    assert chatter.refused("send_event", ContentType=f"{event}dance") == "ValidationException"


@pytest.mark.parametrize(
    ("operation", "params", "code"),
    [
        ("send_message", {"ContentType": "image/png", "Content": "x"}, "ValidationException"),
        ("send_message", {"ContentType": TEXT, "Content": "x" * 1025}, "ValidationException"),
        ("send_message", {"ContentType": "application/json", "Content": "{"}, "ValidationException"),
        ("send_message", {"ContentType": TEXT, "Content": "x", "ConnectionToken": "none"}, "AccessDeniedException"),
    ],
)
def test_what_aws_refuses_is_refused(chatter: Chatter, operation: str, params: dict[str, Any], code: str) -> None:
    """Other content types, texts that are too long, broken JSON, tokens that nobody has."""
    assert chatter.refused(operation, **params) == code


def test_tokens_are_of_their_region(chatter: Chatter, centre: ServedCentre) -> None:
    """Elsewhere nobody knows them; a connection needs the participant's token."""
    elsewhere = centre.sandbox.client("connectparticipant", "us-west-2")
    for token in (chatter.token, "nobody"):
        with pytest.raises(ClientError, match="AccessDenied"):
            elsewhere.create_participant_connection(Type=["CONNECTION_CREDENTIALS"], ParticipantToken=token)


def test_a_chat_leaves_its_transcript(centre: ServedCentre) -> None:
    """As a JSON object in the bucket of chat transcripts, some moments after its end; and it replicates as all objects do."""
    storage = {
        "StorageType": "S3",
        "S3Config": {"BucketName": "kept-chats", "BucketPrefix": "connect/acme/ChatTranscripts"},
    }
    s3 = centre.sandbox.client("s3")
    s3.create_bucket(Bucket="kept-chats")
    centre.connect.associate_instance_storage_config(
        InstanceId=centre.id, ResourceType="CHAT_TRANSCRIPTS", StorageConfig=storage
    )
    chatter = Chatter(centre, centre.make_flow("Bye", to_queue(centre.queue, HELLO)))
    chatter.say("Never mind")
    chatter.service.disconnect_participant(ConnectionToken=chatter.connection)
    centre.advance(60)
    [found] = s3.list_objects_v2(Bucket="kept-chats")["Contents"]
    assert found["Key"].endswith("_UTC.json")
    kept = json.loads(s3.get_object(Bucket="kept-chats", Key=found["Key"])["Body"].read())
    assert kept["ContactId"] == chatter.contact
    assert [one["Content"] for one in kept["Transcript"] if one["Type"] == "MESSAGE"] == [
        "How can we help?",
        "Never mind",
    ]
