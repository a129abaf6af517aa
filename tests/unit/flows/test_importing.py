"""Exports become documents of a project: by what they state, by each other, by the console's names, or by a question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.problem import Exit, SbctlError
from sbctl.core.project import Region
from sbctl.flows.importing.files import targets
from sbctl.flows.importing.functions import NAME, fitting
from sbctl.flows.importing.imported import Around, Imported, imported
from sbctl.flows.names.map_file import read_map, skeleton
from sbctl.flows.names.words import unused
from sbctl.flows.reading.read import read_flows

ID = "11111111-2222-3333-4444-555555555555"
OTHER = "99999999-2222-3333-4444-555555555555"
ACCOUNT = "123456789012"
INSTANCE = f"arn:aws:connect:eu-west-2:999999999999:instance/{OTHER}"
QUEUE = f"{INSTANCE}/queue/{ID}"
LAMBDA = "arn:aws:lambda:eu-west-2:999999999999:function:lookup"
LEX = f"arn:aws:lex:eu-west-2:{ACCOUNT}:bot-alias/ABCDEFGHIJ/KLMNOPQRST"
END = {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}


def content(kind: str, parameters: dict[str, Any], shown: Any = None, **metadata: Any) -> dict[str, Any]:
    """A flow of one block, with what the console shows for it."""
    errors = [{"NextAction": "end", "ErrorType": "NoMatchingError"}]
    action = {"Identifier": "a", "Type": kind, "Parameters": parameters}
    return {
        "Version": "2019-10-30",
        "StartAction": "a",
        "Metadata": {"ActionMetadata": {"a": shown or {}}, **metadata},
        "Actions": [{**action, "Transitions": {"NextAction": "end", "Errors": errors}}, END],
    }


def taken(tmp_path: Path, around: Around, **files: Any) -> list[Imported]:
    """What the files become."""
    for name, tree in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(tree))
    found, problems = read_flows([tmp_path])
    assert problems == []
    return imported(found, around)


def parameters(flow: Imported) -> Any:
    return flow.document.content["Actions"][0]["Parameters"]


HINTS = [
    ("UpdateContactTargetQueue", {"QueueId": QUEUE}, {"queue": {"id": QUEUE, "text": "Sales"}}, "${queue:Sales}"),
    ("UpdateContactTargetQueue", {"QueueId": ID}, {"queue": {"id": QUEUE, "text": "Sales"}}, "${queue:Sales}"),
    (
        "UpdateContactTargetQueue",
        {"QueueId": ID},
        {"parameters": {"QueueId": {"displayName": "Sales"}}},
        "${queue:Sales}",
    ),
    ("CheckHoursOfOperation", {"HoursOfOperationId": ID}, {"Hours": {"id": ID, "text": "24x7"}}, "${hours:24x7}"),
    ("TransferToFlow", {"ContactFlowId": ID}, {"ContactFlow": {"id": ID, "text": "Main"}}, "${flow:Main}"),
    ("InvokeFlowModule", {"FlowModuleId": f"{ID}:$LATEST"}, {"contactFlowModuleName": "Greet"}, "${module:Greet}"),
    ("MessageParticipant", {"PromptId": ID}, {"promptName": "Beep.wav"}, "${prompt:Beep.wav}"),
    ("InvokeLambdaFunction", {"LambdaFunctionARN": LAMBDA}, {}, "${lambda:lookup}"),
    ("InvokeLambdaFunction", {"LambdaFunctionARN": f"{LAMBDA}:PROD"}, {}, "${lambda:lookup}"),
]


@pytest.mark.parametrize(("kind", "given", "shown", "becomes"), HINTS)
def test_the_consoles_names_stand_for_ids(
    tmp_path: Path, kind: str, given: dict[str, str], shown: Any, becomes: str
) -> None:
    (flow,) = taken(tmp_path, Around(), a=content(kind, given, shown))
    assert (list(parameters(flow).values()), flow.unresolved) == ([becomes], ())


def test_event_hooks_have_names_of_their_own(tmp_path: Path) -> None:
    shown = {"parameters": {"EventHooks": {"CustomerQueue": {"displayName": "Wait"}}}}
    (flow,) = taken(
        tmp_path, Around(), a=content("UpdateContactEventHooks", {"EventHooks": {"CustomerQueue": ID}}, shown)
    )
    assert parameters(flow) == {"EventHooks": {"CustomerQueue": "${flow:Wait}"}}


@pytest.mark.parametrize(
    ("kind", "given", "shown"),
    [
        ("UpdateContactTargetQueue", {"QueueId": QUEUE}, {"queue": {"id": OTHER, "text": "Sales"}}),
        ("UpdateContactTargetQueue", {"QueueId": ID}, {}),
        ("UpdateContactTargetQueue", {"AgentId": ID}, {"agent": {"id": ID, "text": "ann"}}),
        ("ConnectParticipantWithLexBot", {"Text": "Hi", "LexV2Bot": {"AliasArn": LEX}}, {"lexV2BotName": "Booking"}),
        ("ShowView", {"ViewResource": {"Id": f"{INSTANCE}/view/{ID}:$LATEST"}}, {}),
    ],
)
def test_what_has_no_name_is_asked_for(tmp_path: Path, kind: str, given: Any, shown: Any) -> None:
    """With its place in the file, and what it is of; a name with another id is no name of this one."""
    (flow,) = taken(tmp_path, Around(account=ACCOUNT), a=content(kind, given, shown))
    (asked,) = flow.unresolved
    assert (asked.flow, asked.block) == ("a", "a")
    assert asked.at.startswith(f"{tmp_path / 'a.json'}:1:")
    assert asked.kind in ("queue", "user", "lex", "view")


def test_a_bot_of_the_only_region_stays(tmp_path: Path) -> None:
    """A project of one region can have it as it is; one of several cannot."""
    home = Region("London", "eu-west-2", is_primary=True, priority=1)
    tree = content("ConnectParticipantWithLexBot", {"Text": "Hi", "LexV2Bot": {"AliasArn": LEX}})
    (flow,) = taken(tmp_path, Around(home=home, account=ACCOUNT), a=tree)
    assert (parameters(flow)["LexV2Bot"]["AliasArn"], flow.unresolved) == (LEX, ())
    assert any(LEX in note for note in flow.notes)
    (other,) = taken(tmp_path, Around(home=home, account="999999999999"), a=tree)
    assert len(other.unresolved) == 1


def test_the_map_goes_before_the_instance_and_names(tmp_path: Path) -> None:
    shown = {"queue": {"id": QUEUE, "text": "Old"}}
    tree = content("UpdateContactTargetQueue", {"QueueId": QUEUE}, shown)
    (flow,) = taken(tmp_path, Around(live={ID: "${queue:Live}"}), a=tree)
    assert parameters(flow) == {"QueueId": "${queue:Live}"}
    (flow,) = taken(tmp_path, Around(live={ID: "${queue:Live}"}, mapped={QUEUE: "${queue:Mine}"}), a=tree)
    assert parameters(flow) == {"QueueId": "${queue:Mine}"}
    assert flow.document.content["Metadata"]["ActionMetadata"]["a"]["queue"]["id"] == "${queue:Mine}"


def test_flows_that_come_together_name_each_other(tmp_path: Path) -> None:
    """Descriptions of AWS tell their own ids; live text in them is escaped."""

    def described(name: str, identity: str, tree: Any) -> Any:
        arn = f"{INSTANCE}/contact-flow/{identity}"
        fields = {"Id": identity, "Arn": arn, "Name": name, "Type": "CONTACT_FLOW", "Content": json.dumps(tree)}
        return {"ContactFlow": {**fields, "Status": "PUBLISHED"}}

    first = described("First", ID, content("TransferToFlow", {"ContactFlowId": OTHER}))
    second = described("Second", OTHER, content("MessageParticipant", {"Text": "${region}"}))
    one, two = taken(tmp_path, Around(), one=first, two=second)
    assert parameters(one) == {"ContactFlowId": "${flow:Second}"}
    assert parameters(two) == {"Text": "$${region}"}


def test_an_export_may_speak_sbctls_language(tmp_path: Path) -> None:
    """Known placeholders stay; what sbctl does not know is text. A wrapper of sbctl stays as it is."""
    text = "${queue:Sales} ${colour:red} $${region}"
    bare, wrapped = taken(
        tmp_path,
        Around(),
        bare=content("MessageParticipant", {"Text": text}),
        wrapped={"name": "W", "type": "CONTACT_FLOW", "content": content("MessageParticipant", {"Text": text})},
    )
    assert parameters(bare)["Text"] == "${queue:Sales} $${colour:red} $$${region}"
    assert parameters(wrapped)["Text"] == text


def test_name_type_and_status_are_those_of_the_console(tmp_path: Path) -> None:
    stated = {"name": "Wait here", "type": "customerQueue", "status": "saved", "description": "Music"}
    tree = content("MessageParticipant", {"Text": "Hi"}, **stated)
    (flow,) = taken(tmp_path, Around(), export=tree)
    document = flow.document
    assert (document.name, document.type, document.status) == ("Wait here", "CUSTOMER_QUEUE", "SAVED")
    assert document.description == "Music"
    assert any("draft" in note for note in flow.notes)


def test_a_version_is_told_when_it_goes(tmp_path: Path) -> None:
    shown = {"contactFlowModuleName": "Greet"}
    (flow,) = taken(tmp_path, Around(), a=content("InvokeFlowModule", {"FlowModuleId": f"{ID}:7"}, shown))
    assert parameters(flow) == {"FlowModuleId": "${module:Greet}"}
    assert any("named 7 of its module" in note for note in flow.notes)


def test_files_go_to_their_places_and_nothing_is_overwritten(tmp_path: Path) -> None:
    """New, unchanged, in the way; a file of the project itself is rewritten."""
    exports, folder = tmp_path / "exports", tmp_path / "flows"
    exports.mkdir()
    (folder / "modules").mkdir(parents=True)
    (flow,) = taken(exports, Around(), a=content("MessageParticipant", {"Text": "Hi"}, name="Main Flow"))
    (new,) = targets([flow], folder, [])
    assert (new.path, new.state) == (folder / "main-flow.json", "new")
    new.path.write_bytes(new.content)
    there, _ = read_flows([folder], flows_folder=folder)
    assert [one.state for one in targets([flow], folder, there)] == ["unchanged"]
    new.path.write_text(json.dumps({"name": "Main Flow", "content": content("MessageParticipant", {"Text": "Ho"})}))
    there, _ = read_flows([folder], flows_folder=folder)
    with pytest.raises(SbctlError) as caught:
        targets([flow], folder, there)
    assert (caught.value.problems[0].code, caught.value.problems[0].exit) == ("in-the-way", Exit.REFUSED)
    (tmp_path / "exports" / "a.json").write_text(
        json.dumps(content("MessageParticipant", {"Text": "Hi"}, name="main flow"))
    )
    found, _ = read_flows([exports])
    (other,) = targets(imported(found, Around()), folder, there)
    assert other.state == "new"
    assert other.path.name.startswith("main-flow-")
    (own,) = imported(there, Around(mapped={"x": "y"}))
    assert [one.state for one in targets([own], folder, there)] in (["unchanged"], ["rewritten"])


def test_a_map_is_read_or_told_what_is_wrong_with_it(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    assert read_map(None) == {}
    path.write_text(json.dumps({ID: "${queue:Sales}", LEX: "arn:aws:lex:${region}:1:x"}))
    assert read_map(path)[ID] == "${queue:Sales}"
    path.write_text(json.dumps({ID: "${queue-id:Sales}"}))
    assert read_map(path)[ID] == "${queue-id:Sales}"
    path.write_text('{\n"a": "",\n"b": 5,\n"c": "${colour:x}",\n"d": "${queue:}",\n"e": "${lambda-id:x}"}')
    with pytest.raises(SbctlError) as caught:
        read_map(path)
    assert [one.at for one in caught.value.problems] == [f"{path}:{line}" for line in (2, 3, 4, 5, 6)]
    for bad in ("[]", "{", "\xff"):
        path.write_bytes(bad.encode("latin-1"))
        with pytest.raises(SbctlError):
            read_map(path)
    assert skeleton([(ID, "queue"), (LEX, "lex")]) == {ID: "${queue:NAME}", LEX: ""}


def test_metadata_names_what_the_flow_uses_alone(tmp_path: Path) -> None:
    """Ids of former copies stay as they are: a project need not have what they are of."""
    shown = {"queue": {"id": OTHER, "text": "Gone"}}
    tree = content("UpdateContactTargetQueue", {"QueueId": ID}, shown)
    (flow,) = taken(tmp_path, Around(live={ID: "${queue:Sales}", OTHER: "${queue:Gone}"}), a=tree)
    assert parameters(flow) == {"QueueId": "${queue:Sales}"}
    assert flow.document.content["Metadata"]["ActionMetadata"]["a"] == shown


def test_what_an_export_seems_to_say_in_sbctls_words_is_told(tmp_path: Path) -> None:
    (flow,) = taken(tmp_path, Around(), a=content("MessageParticipant", {"Text": "${region} ${colour}"}))
    assert [note for note in flow.notes if "${" in note] == [
        "block a: sbctl fills ${region} in; write $${region} where it is text",
        "block a: ${colour} stays a text",
    ]


def test_entries_of_a_map_that_no_flow_has_are_found() -> None:
    tree = content("UpdateContactTargetQueue", {"QueueId": ID})
    assert list(unused({QUEUE: "a", OTHER: "b", ID: "c", LEX: "d"}, [tree])) == [OTHER, LEX]


def test_functions_have_names_that_the_config_takes() -> None:
    """Without the project's prefix; two long names that begin alike stay two."""
    assert fitting("acme-lookup", "acme") == "lookup"
    long = [fitting("x" * 60 + end, "acme") for end in "ab"]
    assert len(set(long)) == 2
    assert all(NAME.fullmatch(name) for name in long)
