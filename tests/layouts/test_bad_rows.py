"""Rows that must be refused with line, field and reason, and spoil nothing beside them."""

import json

import pytest

from labelhub.layouts import UnreadableFileError
from tests.layouts.conftest import EGG, Reader, lines

GOOD = lines(EGG)
BAD_LINES = {
    "broken JSON": ('{"prompt": "a", "response_1": ', "", "not valid JSON"),
    "a list for a row": ("[1, 2]", "", "is a list, not an object"),
    "a number for a row": ("7", "", "is a number, not an object"),
    "more after the row": (GOOD.strip() + " x", "", "more follows"),
    "a number for a text": (lines({**EGG, "response_1": 7}), "response_1", "is a number, not text"),
    "an object for a text": (lines({**EGG, "prompt": {"a": 1}}), "prompt", "is an object"),
    "a missing column": (lines({"prompt": "a"}), "completion", "is missing"),
    "a missing second text": (
        lines({"prompt": "a", "response_1": "b", "response_2": None}), "response_2", "is missing",
    ),
    "an empty completion": (lines({**EGG, "response_2": ""}), "response_2", "is empty"),
    "a blank completion": (lines({**EGG, "response_2": " \n\t "}), "response_2", "is empty"),
    "an empty prompt": (lines({**EGG, "prompt": ""}), "prompt", "is empty"),
    "equal completions": (
        lines({**EGG, "response_2": " Seven minutes.\n"}), "completion 2", "same text",
    ),
    "a NUL byte": ('{"prompt": "a\0"}', "", "not valid JSON"),
    "an escaped NUL": (lines({**EGG, "prompt": "a\0b"}), "prompt", "the NUL character"),
    "a lone surrogate": (
        r'{"prompt": "\ud800", "completion": "x"}', "prompt", "U+D800",
    ),
    "a lone surrogate in a key": (
        r'{"prompt": "a", "completion": "x", "\udfff": 1}', "key", "U+DFFF",
    ),
    "a lone surrogate deep inside": (
        r'{"prompt": "a", "completion": "x", "n": {"t": ["\udc00"]}}', "n.t[0]", "U+DC00",
    ),
    "a non-character": (lines({**EGG, "prompt": "a\ufffe"}), "prompt", "U+FFFE"),
    "an astral non-character": (lines({**EGG, "prompt": "a\U0010ffff"}), "prompt", "U+10FFFF"),
    "NaN": ('{"prompt": "a", "completion": "b", "score": NaN}', "score", "NaN"),
    "Infinity": ('{"prompt": "a", "completion": "b", "score": -Infinity}', "score", "Infinity"),
    "a float out of range": (
        '{"prompt": "a", "completion": "b", "score": 1e999}', "score", "out of range",
    ),
    "a 64-bit integer": (
        '{"prompt": "a", "completion": "b", "n": 9223372036854775808}', "n", "64 bits",
    ),
    "5,000 digits": (
        '{"prompt": "a", "completion": "b", "n": ' + "9" * 5000 + "}", "n", "64 bits",
    ),
    "100,000 brackets": ("[" * 100_000, "", "nested"),
    "100,000 brackets in a field": (
        '{"prompt": "a", "completion": "b", "n": ' + "[" * 100_000 + "]" * 100_000 + "}",
        "", "nested",
    ),
    "40 levels": (
        '{"prompt": "a", "completion": "b", "n": ' + "[" * 40 + "]" * 40 + "}",
        "n" + "[0]" * 31, "nested",
    ),
    "a key twice": ('{"prompt": "a", "prompt": "b", "completion": "c"}', "prompt", "twice"),
    "a key twice, deep": (
        '{"prompt": "a", "completion": "c", "n": {"k": 1, "k": 2}}', "k", "twice",
    ),
    "a text too long": (lines({**EGG, "response_2": "x" * 70_000}), "completion 2", "longer than"),
    "a severity unknown": (lines({**EGG, "severity": "S7"}), "severity", "0 to 4"),
    "a severity of true": (lines({**EGG, "severity": True}), "severity", "0 to 4"),
    "no language": (lines({**EGG, "language": "English!"}), "language", "language tag"),
    "hazards of numbers": (lines({**EGG, "hazards": [1]}), "hazards", "not text"),
    "an id too long": (lines({**EGG, "id": "x" * 201}), "id", "longer than 200"),
    "an id of true": (lines({**EGG, "id": True}), "id", "true or false"),
    "withheld": (lines({**EGG, "prompt": "[withheld]"}), "prompt", "withheld"),
    "two sets of completions": (
        lines({**EGG, "chosen": "x", "rejected": "y"}), "chosen", "beside response_1",
    ),
}  # fmt: skip
BAD_MESSAGES = {
    "a role unknown": ([{"role": "bot", "content": "a"}], "messages[0].role", "is not one of"),
    "a role that is a list": ([{"role": [], "content": "a"}], "messages[0].role", "is not one of"),
    "no content": ([{"role": "user"}], "messages[0].content", "is missing"),
    "content in parts": (
        [{"role": "user", "content": [{"type": "text"}]}], "messages[0].content", "is a list",
    ),
    "a tool call": (
        [{"role": "user", "content": "a", "tool_calls": [1]}], "messages[0].tool_calls", "shown",
    ),
    "text for a message": (["a"], "messages[0]", "is a text, not a message"),
    "no message": ([], "messages", "is empty"),
    "two users": (
        [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}],
        "prompt", "alternate",
    ),
    "system last": (
        [{"role": "user", "content": "a"}, {"role": "system", "content": "b"}],
        "prompt", "does not end",
    ),
    "system in the middle": (
        [
            {"role": "user", "content": "a"}, {"role": "system", "content": "b"},
            {"role": "user", "content": "c"},
        ],
        "prompt", "system turn that is not the first",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line_is_named_with_its_field_and_reason(reading: Reader, case: str) -> None:
    line, field, reason = BAD_LINES[case]
    drafts, bad = reading(
        "a.jsonl", GOOD + line.strip() + "\n" + lines({**EGG, "id": "z"}), "jsonl"
    )

    assert [row.line for row in bad] == [2]
    assert bad[0].field == field
    assert reason in bad[0].reason
    assert [draft.line for draft in drafts] == [1, 3]
    bad[0].raw.encode()


@pytest.mark.parametrize("case", BAD_MESSAGES)
def test_bad_messages_are_named_with_their_place(reading: Reader, case: str) -> None:
    messages, field, reason = BAD_MESSAGES[case]
    row = {"messages": messages, "response_1": "a", "response_2": "b"}
    drafts, bad = reading("a.jsonl", GOOD + lines(row), "jsonl")

    assert len(drafts) == 1
    assert bad[0].field == field
    assert reason in bad[0].reason


def test_bytes_that_are_not_utf8_spoil_only_their_row(reading: Reader) -> None:
    surrogate = b'{"prompt": "\xed\xa0\x80", "completion": "b"}\n'
    drafts, bad = reading("a.jsonl", GOOD.encode() + b'{"prompt": "\xff"}\n' + surrogate)

    assert len(drafts) == 1
    assert [(row.line, "not UTF-8" in row.reason) for row in bad] == [(2, True), (3, True)]


def test_a_cell_of_10_mb_is_refused_without_being_kept(reading: Reader) -> None:
    giant = lines({**EGG, "response_1": "x" * 10_000_000})
    drafts, bad = reading("a.jsonl", GOOD + giant + GOOD)

    assert [draft.line for draft in drafts] == [1, 3]
    assert "longer than 4194304 bytes" in bad[0].reason
    assert len(bad[0].raw) <= 1000


def test_a_cell_of_10_mb_in_an_array_ends_the_file(reading: Reader) -> None:
    with pytest.raises(UnreadableFileError, match="row 2 is not valid JSON, or longer than"):
        reading("a.json", json.dumps([EGG, {**EGG, "response_1": "x" * 10_000_000}]))


def test_a_cell_of_10_mb_in_csv_is_one_bad_row(reading: Reader) -> None:
    rows = f'prompt,completion\na,b\nc,"{"x" * 10_000_000}"\nd,e\n'
    drafts, bad = reading("a.csv", rows)

    assert [draft.line for draft in drafts] == [2, 4]
    assert [row.line for row in bad] == [3]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[{"prompt": "a", "completion": "b"}', "neither a comma nor the end"),
        ('[{"prompt": "a", "completion": "b"},]', "a comma follows row 1"),
        ('[{"prompt": "a", "completion": "b"} {}]', "neither a comma nor the end"),
        ('[{"prompt": "a", "completion": "b"}] x', "more follows"),
        ('[{"prompt": "a"', "not valid JSON, or the file ends"),
        ("[" * 100_000, "nested"),
        ("[]", "no rows"),
        ("[", "not valid JSON"),
    ],
)
def test_a_broken_array_is_refused_with_its_place(reading: Reader, text: str, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason) as caught:
        reading("a.json", text, "jsonl")
    assert "a.json" in caught.value.place


def test_an_element_that_is_bad_by_itself_does_not_end_the_array(reading: Reader) -> None:
    text = f'[{json.dumps(EGG)}, 7, {{"a": 1, "a": 2}}, {{"n": NaN}}, {json.dumps(EGG)}]'
    drafts, bad = reading("a.json", text)

    assert [draft.line for draft in drafts] == [1, 5]
    assert [(row.line, row.field) for row in bad] == [(2, ""), (3, "a"), (4, "n")]


def test_csv_rows_with_other_numbers_of_cells_are_refused(reading: Reader) -> None:
    drafts, bad = reading("a.csv", "prompt,completion\na,b\nc\nd,e,f\n\ng,h\n")

    assert [draft.line for draft in drafts] == [2, 6]
    assert [(row.line, row.reason) for row in bad] == [
        (3, "the row has 1 cells, the header 2"),
        (4, "the row has 3 cells, the header 2"),
    ]


def test_a_quote_left_open_spoils_only_the_line_that_opened_it(reading: Reader) -> None:
    drafts, bad = reading("a.csv", 'prompt,completion\na,b\nc,"d\ne,f\ng,h\n')

    assert [draft.line for draft in drafts] == [2, 4, 5]
    assert [(row.line, row.reason) for row in bad] == [(3, "a quote is opened and not closed")]


def test_a_nul_and_a_surrogate_in_csv_are_refused_by_column(reading: Reader) -> None:
    drafts, bad = reading("a.csv", b"prompt,completion\na,b\0\nc,\xed\xa0\x80\nd,e\n")

    assert len(drafts) == 1
    assert (bad[0].field, bad[0].line) == ("completion", 2)
    assert "NUL" in bad[0].reason
    assert "not UTF-8" in bad[1].reason
