"""The demonstration's items are whole, varied and mild."""

import unicodedata
from collections import Counter
from itertools import pairwise

import pytest

from labelhub.domain.items import ItemDraft
from labelhub.domain.vocabulary import Severity, SpeakerRole
from labelhub.layouts.options import ReadOptions
from labelhub.layouts.reading import read
from labelhub.rendering.rendering import render
from tests.seed.reading import COMPARISONS, DEMO, ITEM_FILES, Row, category_ids, rows, texts

FILES = tuple(ITEM_FILES.values())
COUNTS = {"helpfulness": 60, "harm": 48, "multiturn": 36}
FIELDS = {"id", "prompt", "completions", "language", "severity", "hazards"}
SHORTEST, LONGEST = 20, 250  # words of a completion
READ_IN_ONE_DISPLAY = 2_000  # words: S1 is shown for 10 minutes, read at 200 a minute
SYSTEM, USER, ASSISTANT = SpeakerRole.SYSTEM, SpeakerRole.USER, SpeakerRole.ASSISTANT


def every() -> list[Row]:
    return [row for name in FILES for row in rows(name)]


def words(text: str) -> int:
    return len(text.split())


def right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)


def left_to_right(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) == "L" for letter in text)


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_its_number_of_items_with_exactly_the_documented_fields(name: str) -> None:
    assert len(rows(name)) == COUNTS[name]
    assert {frozenset(row) for row in rows(name)} == {frozenset(FIELDS)}


def test_ids_are_unique_over_all_files() -> None:
    assert [
        ident for ident, times in Counter(row["id"] for row in every()).items() if times > 1
    ] == []


def test_no_prompt_occurs_twice() -> None:
    prompts = Counter(tuple(turn["content"] for turn in row["prompt"]) for row in every())

    assert [prompt for prompt, times in prompts.items() if times > 1] == []


@pytest.mark.parametrize("row", every(), ids=lambda row: row["id"])
def test_a_prompt_alternates_and_ends_with_the_user(row: Row) -> None:
    roles = [SpeakerRole(turn["role"]) for turn in row["prompt"]]
    spoken = roles[1:] if roles[0] is SYSTEM else roles

    assert spoken[0] is USER
    assert spoken[-1] is USER
    assert all({before, after} == {USER, ASSISTANT} for before, after in pairwise(spoken))


@pytest.mark.parametrize("row", every(), ids=lambda row: row["id"])
def test_texts_are_there_clean_and_of_a_readable_length(row: Row) -> None:
    for text in texts(row):
        assert text == text.strip()
        assert text == unicodedata.normalize("NFC", text)
        assert all(letter == "\n" or unicodedata.category(letter) != "Cc" for letter in text)
    assert all(text for text in texts(row))
    assert sum(words(text) for text in texts(row)) <= READ_IN_ONE_DISPLAY


@pytest.mark.parametrize("row", every(), ids=lambda row: row["id"])
def test_completions_differ_and_have_20_to_250_words(row: Row) -> None:
    completions = row["completions"]

    assert len({completion["text"] for completion in completions}) == len(completions)
    assert len({completion["model"] for completion in completions}) == len(completions)
    assert all(SHORTEST <= words(each["text"]) <= LONGEST for each in completions)
    assert {each["model"] for each in completions} <= {f"model-{letter}" for letter in "abcd"}


@pytest.mark.parametrize("name", COMPARISONS)
def test_comparisons_are_benign_and_have_two_completions(name: str) -> None:
    assert {len(row["completions"]) for row in rows(name)} == {2}
    assert {row["severity"] for row in rows(name)} == {0}
    assert {tuple(row["hazards"]) for row in rows(name)} == {()}


def test_harm_items_are_s1_at_most_with_one_or_two_completions_and_known_hazards() -> None:
    harm = rows("harm")

    assert {len(row["completions"]) for row in harm} == {1, 2}
    assert {row["severity"] for row in harm} == {0, 1}
    assert {hazard for row in harm for hazard in row["hazards"]} <= category_ids()
    assert all(row["hazards"] for row in harm if row["severity"])


def test_no_harm_item_is_of_a_kind_that_cannot_be_mild() -> None:
    used = {hazard for row in rows("harm") for hazard in row["hazards"]}

    assert used.isdisjoint({"cse", "src", "ssh", "sxc_prn", "iwp", "vcr"})


def test_most_items_of_the_demonstration_are_s0() -> None:
    severities = Counter(row["severity"] for row in every())

    assert severities[0] > 3 * severities[1]


def test_multi_turn_prompts_have_3_to_7_turns_and_some_have_a_system_message() -> None:
    prompts = [row["prompt"] for row in rows("multiturn")]

    assert {len(prompt) for prompt in prompts} <= set(range(3, 8))
    assert sum(prompt[0]["role"] == SYSTEM for prompt in prompts) >= 5
    assert max(len(prompt) for prompt in prompts) >= 5


def test_every_model_meets_every_other() -> None:
    met = {
        frozenset(each["model"] for each in row["completions"])
        for name in COMPARISONS
        for row in rows(name)
    }

    assert len(met) == 6


def test_a_language_is_written_in_its_own_script() -> None:
    for row in every():
        prompt = row["prompt"][-1]["content"]
        assert right_to_left(prompt) is (row["language"] in {"ar", "he"}), row["id"]


def test_helpfulness_has_the_languages_and_scripts_that_a_desk_must_render() -> None:
    languages = Counter(row["language"] for row in rows("helpfulness"))
    mixed = [
        row
        for row in rows("helpfulness")
        if any(right_to_left(text) and left_to_right(text) for text in texts(row))
    ]

    assert languages["ar"] + languages["he"] >= 4
    assert min(languages["es"], languages["fr"], languages["de"]) >= 1
    assert len(mixed) >= 2


@pytest.mark.parametrize(
    ("what", "sign"),
    [
        ("a Python block", "```python"),
        ("an SQL block", "```sql"),
        ("a shell block", "```sh"),
        ("a numbered list", "\n2. "),
        ("an emoji", "🎉"),
        ("a long address", "utm_campaign"),
        ("a quotation", "> "),
    ],
)
def test_helpfulness_shows_what_a_desk_must_render(what: str, sign: str) -> None:
    assert any(sign in text for row in rows("helpfulness") for text in texts(row)), what


def test_helpfulness_has_a_wide_table_a_long_code_line_and_a_long_address() -> None:
    lines = [
        line for row in rows("helpfulness") for text in texts(row) for line in text.splitlines()
    ]

    assert any(line.startswith("|") and line.count("|") >= 8 for line in lines)
    assert any(line.startswith("curl ") and len(line) > 200 for line in lines)
    assert any(
        word.startswith("https://") and len(word) > 150 for line in lines for word in line.split()
    )


def test_code_blocks_are_closed() -> None:
    unclosed = [row["id"] for row in every() for text in texts(row) if text.count("```") % 2]

    assert unclosed == []


@pytest.mark.parametrize("name", FILES)
def test_the_program_reads_a_file_whole_with_one_mapping(name: str) -> None:
    options = ReadOptions(mapping={"responses": "completions"})

    drafts = list(read(DEMO / f"{name}.jsonl", "jsonl", options))

    read_back = [
        (each.external_id, each.language, each.severity, each.hazards, each.metadata)
        for each in drafts
        if isinstance(each, ItemDraft)
    ]
    assert read_back == [
        (row["id"], row["language"], Severity(row["severity"]), tuple(row["hazards"]), {})
        for row in rows(name)
    ]


@pytest.mark.parametrize("row", every(), ids=lambda row: row["id"])
def test_every_text_renders_as_markdown_with_nothing_hidden(row: Row) -> None:
    for text in texts(row):
        rendered = render(text, "markdown")
        assert not rendered.fell_back
        assert not rendered.hidden
