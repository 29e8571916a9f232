"""Rows under LabelHub's own column names, or under any by a mapping."""

import json

import pytest

from labelhub.domain.vocabulary import Severity, SpeakerRole
from tests.layouts.conftest import EGG, Reader, lines

USER = {"role": "user", "content": "How long?"}
ASKED = [{"role": "system", "content": "Be brief."}, USER]


@pytest.mark.parametrize(
    ("row", "texts", "models"),
    [
        ({"responses": ["a", "b", "c"]}, ["a", "b", "c"], ["", "", ""]),
        (
            {"responses": [{"text": "a", "model": "m"}, {"messages": [
                {"role": "assistant", "content": "b"}]}]}, ["a", "b"], ["m", ""],
        ),
        ({"responses": ["a", "b"], "model_1": "m", "model_2": "n"}, ["a", "b"], ["m", "n"]),
        (
            {"response_1": "a", "response_2": "b", "response_3": "c", "model_2": "n"},
            ["a", "b", "c"], ["", "n", ""],
        ),
        ({"response1": "a", "response2": "b", "model1": "m"}, ["a", "b"], ["m", ""]),
        (
            {"response_a": "a", "response_b": "b", "model_a": "m", "model_b": "n"},
            ["a", "b"], ["m", "n"],
        ),
        ({"completion": "a", "model": "m"}, ["a"], ["m"]),
        ({"completion": [{"role": "assistant", "content": "a"}]}, ["a"], [""]),
    ],
)  # fmt: skip
def test_completions_have_several_spellings(
    reading: Reader, row: dict[str, object], texts: list[str], models: list[str]
) -> None:
    drafts, bad = reading("a.jsonl", lines({"prompt": "How long?", **row}), "jsonl")

    assert not bad
    assert [each.turns[0].content for each in drafts[0].completions] == texts
    assert [each.model for each in drafts[0].completions] == models
    assert drafts[0].metadata == {}


@pytest.mark.parametrize(
    "prompt",
    [
        {"messages": ASKED},
        {"prompt": ASKED},
        {"prompt": "How long?", "system": "Be brief."},
        {"messages": [USER], "system": "Be brief."},
    ],
)
def test_a_prompt_has_several_spellings(reading: Reader, prompt: dict[str, object]) -> None:
    drafts, bad = reading("a.jsonl", lines({**prompt, "completion": "Five."}), "jsonl")

    assert not bad
    assert [(turn.role.value, turn.content) for turn in drafts[0].prompt] == [
        ("system", "Be brief."),
        ("user", "How long?"),
    ]


def test_messages_that_end_with_the_assistant_are_one_completion(reading: Reader) -> None:
    messages = [*ASKED, {"role": "assistant", "content": "Five."}]
    drafts, _ = reading("a.jsonl", lines({"messages": messages, "model": "m"}))

    assert drafts[0].prompt[-1].role is SpeakerRole.USER
    assert drafts[0].completions[0].turns[0].content == "Five."
    assert drafts[0].completions[0].model == "m"


def test_a_tool_speaks_in_the_place_of_the_user(reading: Reader) -> None:
    messages = [
        USER,
        {"role": "assistant", "content": "I look it up."},
        {"role": "tool", "content": "300 s"},
    ]
    drafts, bad = reading("a.jsonl", lines({"messages": messages, "completion": "Five minutes."}))

    assert not bad
    assert drafts[0].prompt[-1].role is SpeakerRole.TOOL


def test_what_no_field_takes_becomes_metadata(reading: Reader) -> None:
    row = {
        **EGG, "id": 7, "severity": "s2", "hazards": "vcr; hte", "language": "pt-BR",
        "source": "kitchen", "source_id": "k1", "topic": {"name": "eggs"}, "empty": "",
    }  # fmt: skip
    draft = reading("a.jsonl", lines(row))[0][0]

    assert (draft.external_id, draft.severity, draft.hazards) == ("7", Severity.S2, ("vcr", "hte"))
    assert (draft.language, draft.source, draft.source_id) == ("pt-BR", "kitchen", "k1")
    assert draft.metadata == {"topic": {"name": "eggs"}}


@pytest.mark.parametrize(
    ("written", "severity"), [(3, 3), ("S0", 0), ("4", 4), (2.0, 2), ("", None)]
)
def test_severity_has_several_spellings(
    reading: Reader, written: object, severity: int | None
) -> None:
    assert reading("a.jsonl", lines({**EGG, "severity": written}))[0][0].severity == severity


def test_columns_can_be_mapped(reading: Reader) -> None:
    mapping = {"prompt": "frage", "response_1": "eins", "response_2": "zwei", "id": "nr"}
    drafts, bad = reading(
        "a.csv", "nr,frage,eins,zwei,prompt\n1,Wie?,So.,Anders.,ignored\n", mapping=mapping
    )

    assert not bad
    assert drafts[0].prompt[0].content == "Wie?"
    assert [each.turns[0].content for each in drafts[0].completions] == ["So.", "Anders."]
    assert (drafts[0].external_id, drafts[0].metadata) == ("1", {"prompt": "ignored"})


def test_a_csv_cell_may_hold_messages_and_lists_as_json(reading: Reader) -> None:
    cell = json.dumps(ASKED).replace('"', '""')
    drafts, bad = reading("a.csv", f'messages,responses\n"{cell}","[""a"", ""b""]"\n')

    assert not bad
    assert len(drafts[0].prompt) == len(drafts[0].completions) == 2


def test_an_empty_cell_of_a_comparison_is_refused_and_a_third_may_be_left_out(
    reading: Reader,
) -> None:
    drafts, bad = reading(
        "a.csv", "prompt,response_1,response_2,response_3\na,b,c,d\na,b,c,\na,b,,\na,,,\n", "csv"
    )

    assert [len(draft.completions) for draft in drafts] == [3, 2]
    assert [(row.line, row.field) for row in bad] == [(4, "response_2"), (5, "response_1")]


def test_texts_stay_exactly_as_they_were_written(reading: Reader) -> None:
    text = " \tleading\u2028and trailing  \n\u00a0"
    draft = reading("a.jsonl", lines({**EGG, "response_1": text}))[0][0]

    assert draft.completions[0].turns[0].content == text


def test_more_than_sixteen_completions_are_refused(reading: Reader) -> None:
    listed = {"prompt": "a", "responses": [str(n) for n in range(17)]}
    numbered = {"prompt": "a", **{f"response_{n}": str(n) for n in range(1, 18)}}
    drafts, bad = reading("a.jsonl", lines(EGG, listed, numbered))

    assert len(drafts) == 1
    assert [row.field for row in bad] == ["responses", "responses"]
