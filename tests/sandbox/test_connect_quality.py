"""What looks at contacts afterwards in the simulated Connect: vocabularies, evaluation forms, rules."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.connect_calls import Centre
from tests.sandbox.connect_people import flow

WORDS = {"VocabularyName": "Words", "LanguageCode": "en-US", "Content": "Phrase\tDisplayAs\nsbctl\tSBCTL"}
RULE: dict[str, Any] = {
    "Name": "Angry",
    "TriggerEventSource": {"EventSourceName": "OnPostCallAnalysisAvailable"},
    "Function": "{}",
    "Actions": [{"ActionType": "ASSIGN_CONTACT_CATEGORY", "AssignContactCategoryAction": {}}],
    "PublishStatus": "DRAFT",
}


@pytest.fixture
def centre() -> Centre:
    return Centre()


def items(*names: str) -> list[dict[str, Any]]:
    """A form of one section with questions."""
    asked = [{"Question": {"Title": name, "RefId": name, "QuestionType": "TEXT"}} for name in names]
    return [{"Section": {"Title": "All", "RefId": "all", "Items": asked}}]


def test_a_vocabulary_is_made_and_deleted_in_its_time(centre: Centre) -> None:
    """In progress, active, in progress, gone; its name is taken once."""
    made = centre.ask("CreateVocabulary", **WORDS)
    assert made["State"] == "CREATION_IN_PROGRESS"
    assert centre.refused("CreateVocabulary", **WORDS) == "ResourceConflictException"
    at = {"VocabularyId": made["VocabularyId"]}
    centre.clock.advance(6)
    assert centre.ask("DescribeVocabulary", **at)["Vocabulary"]["State"] == "ACTIVE"
    assert len(centre.ask("SearchVocabularies", State="ACTIVE", NameStartsWith="Wo")["VocabularySummaryList"]) == 1
    assert centre.ask("DeleteVocabulary", **at)["State"] == "DELETE_IN_PROGRESS"
    centre.clock.advance(6)
    assert centre.refused("DescribeVocabulary", **at) == "ResourceNotFoundException"


def test_a_table_that_is_none_fails(centre: Centre) -> None:
    """The reason is told once the work is over."""
    made = centre.ask("CreateVocabulary", **{**WORDS, "Content": "hello, world"})
    centre.clock.advance(6)
    shown = centre.ask("DescribeVocabulary", VocabularyId=made["VocabularyId"])["Vocabulary"]
    assert shown["State"] == "CREATION_FAILED"
    assert "columns" in shown["FailureReason"]


def test_a_default_vocabulary_is_active_and_in_use(centre: Centre) -> None:
    """One of the language that is ready, which is kept until the language has no default."""
    made = centre.ask("CreateVocabulary", **WORDS)["VocabularyId"]
    default = {"LanguageCode": "en-US", "VocabularyId": made}
    assert centre.refused("AssociateDefaultVocabulary", **default) == "InvalidRequestException"
    centre.clock.advance(6)
    centre.ask("AssociateDefaultVocabulary", **default)
    (row,) = centre.ask("ListDefaultVocabularies")["DefaultVocabularyList"]
    assert (row["VocabularyId"], row["VocabularyName"]) == (made, "Words")
    assert centre.refused("DeleteVocabulary", VocabularyId=made) == "ResourceInUseException"
    centre.ask("AssociateDefaultVocabulary", LanguageCode="en-US")
    assert centre.refused("DeleteVocabulary", VocabularyId=made) == ""


def test_an_active_version_of_a_form_is_locked(centre: Centre) -> None:
    """A draft is changed in place; what was active only by a new version, and is not deleted while it is."""
    at = {"EvaluationFormId": centre.ask("CreateEvaluationForm", Title="Call", Items=items("a"))["EvaluationFormId"]}
    centre.ask("UpdateEvaluationForm", **at, EvaluationFormVersion=1, Title="Call", Items=items("a", "b"))
    centre.ask("ActivateEvaluationForm", **at, EvaluationFormVersion=1)
    again = {**at, "EvaluationFormVersion": 1, "Title": "New", "Items": items("c")}
    assert centre.refused("UpdateEvaluationForm", **again) == "ResourceConflictException"
    assert centre.ask("UpdateEvaluationForm", **again, CreateNewVersion=True)["EvaluationFormVersion"] == 2
    (row,) = centre.ask("ListEvaluationForms")["EvaluationFormSummaryList"]
    assert (row["LatestVersion"], row["ActiveVersion"]) == (2, 1)
    versions = centre.ask("ListEvaluationFormVersions", **at)["EvaluationFormVersionSummaryList"]
    assert [(one["EvaluationFormVersion"], one["Locked"], one["Status"]) for one in versions] == [
        (2, False, "DRAFT"),
        (1, True, "ACTIVE"),
    ]
    assert centre.ask("DescribeEvaluationForm", **at)["EvaluationForm"]["Items"] == items("a", "b")
    assert centre.refused("DeleteEvaluationForm", **at) == "ResourceConflictException"
    centre.ask("DeactivateEvaluationForm", **at, EvaluationFormVersion=1)
    centre.ask("DeleteEvaluationForm", **at, EvaluationFormVersion=2)
    centre.ask("DeleteEvaluationForm", **at)
    assert centre.ask("ListEvaluationForms")["EvaluationFormSummaryList"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        items("a", "a"),
        [{"Question": {"Title": "q", "RefId": "q", "QuestionType": "TEXT"}}],
        items(*map(str, range(101))),
    ],
)
def test_questions_have_names_of_their_own_in_sections(centre: Centre, wrong: list[dict[str, Any]]) -> None:
    """A name twice, a question outside, too many: invalid."""
    assert centre.refused("CreateEvaluationForm", Title="Call", Items=wrong) == "InvalidParameterException"


def test_a_rule_is_kept_as_it_was_made(centre: Centre) -> None:
    """Its token makes one, its name is taken once; it is listed by status and source, put whole, deleted."""
    made = centre.ask("CreateRule", **RULE, ClientToken="t")
    assert centre.ask("CreateRule", **RULE, ClientToken="t") == made
    assert centre.refused("CreateRule", **{**RULE, "Name": "Calm"}, ClientToken="t") == "InvalidRequestException"
    assert centre.refused("CreateRule", **RULE) == "ResourceConflictException"
    at = {"RuleId": made["RuleId"]}
    changed = {name: RULE[name] for name in ("Name", "Function", "Actions")}
    centre.ask("UpdateRule", **at, **changed, PublishStatus="PUBLISHED")
    shown = centre.ask("DescribeRule", **at)["Rule"]
    assert {name: shown[name] for name in RULE} == {**RULE, "PublishStatus": "PUBLISHED"}
    assert centre.ask("ListRules", PublishStatus="DRAFT")["RuleSummaryList"] == []
    (row,) = centre.ask("ListRules", EventSourceName="OnPostCallAnalysisAvailable")["RuleSummaryList"]
    assert row["ActionSummaries"] == [{"ActionType": "ASSIGN_CONTACT_CATEGORY"}]
    centre.ask("DeleteRule", **at)
    assert centre.refused("DescribeRule", **at) == "ResourceNotFoundException"


def test_an_action_of_a_rule_says_how_it_is_done(centre: Centre) -> None:
    """Without its member it is invalid; the flow of its task must be there."""
    bare = {**RULE, "Actions": [{"ActionType": "CREATE_TASK"}]}
    assert centre.refused("CreateRule", **bare) == "InvalidRequestException"
    task = {"ActionType": "CREATE_TASK", "TaskAction": {"Name": "Call back", "ContactFlowId": "nowhere"}}
    assert centre.refused("CreateRule", **{**RULE, "Actions": [task]}) == "ResourceNotFoundException"
    task["TaskAction"] = {"Name": "Call back", "ContactFlowId": flow(centre)}
    assert centre.refused("CreateRule", **{**RULE, "Actions": [task]}) == ""
