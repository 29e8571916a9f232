"""Published files, as far as they lie beside the checkout."""

import json
from collections import Counter
from pathlib import Path

import pytest

from labelhub.domain.items import Completion, ItemDraft
from labelhub.domain.vocabulary import Choice
from labelhub.layouts import ReadOptions, UnreadableFileError, detect, read
from labelhub.layouts.hh import write_dialogue
from tests.layouts.conftest import sorted_rows

RATED = ReadOptions(with_ratings=True)
READ = {
    "preference/hh_rlhf_harmless_base_mild.jsonl": ("hh-rlhf", 150, 0, 150),
    "preference/pandalm_testset_dev.json": ("pandalm", 303, 16, 909),
    "preference/mt_bench_human_votes_q081-110.jsonl": ("mt-bench", 682, 0, 1276),
    "preference/mt_bench_gpt4_votes_q081-110.jsonl": ("mt-bench", 900, 0, 900),
    "preference/chatbot_arena_votes_dev.jsonl": ("arena", 2998, 0, 2998),
    "safety/xstest_v2_completions_mistralinstruct.csv": ("xstest", 228, 222, 456),
    "safety/xstest_v2_completions_mistralguard.csv": ("xstest", 248, 202, 496),
}
REFUSED = {
    "safety/convabuse_dev.csv": "what people said to a chatbot",
    "safety/crehate_ratings_dev.csv": "ratings of items whose texts are not in it",
    "safety/crehate_raters_dev.csv": "describes raters",
    "safety/moderation_labels_dev.jsonl": "moderation labels without their texts",
    "prompts/mt_bench_questions.jsonl": "prompts without completions",
    "demographics/d3code_raters.csv": "describes raters",
}


@pytest.mark.parametrize("name", READ)
def test_each_published_file_is_read_or_each_row_refused(data: Path, name: str) -> None:
    layout, items, refused, ratings = READ[name]
    found = detect(data / name)
    drafts, bad = sorted_rows(read(data / name, None, RATED))

    assert (found.layout, found.confidence) == (layout, "certain")
    assert (len(drafts), len(bad)) == (items, refused)
    assert sum(len(draft.ratings) for draft in drafts) == ratings
    assert all(row.reason and row.field for row in bad)
    assert found.sample == tuple(sorted_rows(read(data / name))[0][: len(found.sample)])


@pytest.mark.parametrize("name", REFUSED)
def test_files_without_texts_are_refused_for_a_stated_reason(data: Path, name: str) -> None:
    with pytest.raises(UnreadableFileError, match=REFUSED[name]):
        detect(data / name)
    with pytest.raises(UnreadableFileError, match=REFUSED[name]):
        list(read(data / name))


def test_no_file_of_the_collection_is_left_out(data: Path) -> None:
    found = {str(path.relative_to(data)) for path in data.rglob("*.*") if path.suffix != ".md"}

    assert found == set(READ) | set(REFUSED)


def test_hh_dialogues_are_written_again_as_the_same_bytes(data: Path) -> None:
    path = data / "preference/hh_rlhf_harmless_base_mild.jsonl"
    drafts, _ = sorted_rows(read(path, None, RATED))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    assert [_pair(draft) for draft in drafts] == [(row["chosen"], row["rejected"]) for row in rows]


def _pair(draft: ItemDraft) -> tuple[str, str]:
    first, second = draft.completions
    chosen, rejected = (
        (first, second) if draft.ratings[0].choice is Choice.FIRST else (second, first)
    )

    def text(completion: Completion) -> str:
        return write_dialogue((*draft.prompt, *completion.turns))

    return text(chosen), text(rejected)


def test_the_place_of_a_completion_does_not_reveal_the_winner(data: Path) -> None:
    path = data / "preference/hh_rlhf_harmless_base_mild.jsonl"
    drafts, _ = sorted_rows(read(path, None, RATED))
    first = sum(draft.ratings[0].choice is Choice.FIRST for draft in drafts)

    # Two thirds either way would be five standard deviations from even for 150 items.
    assert 50 < first < 100


def test_convabuse_can_be_read_with_a_mapping_and_withheld_rows_are_refused(data: Path) -> None:
    options = ReadOptions(mapping={"prompt": "prev_user", "completion": "agent"})
    drafts, bad = sorted_rows(read(data / "safety/convabuse_dev.csv", "csv", options))
    reasons = Counter(row.reason for row in bad)

    assert len(drafts) + len(bad) == 5404
    assert len(drafts) > 1000
    assert all(
        "withheld" in reason or "empty" in reason or "missing" in reason for reason in reasons
    )


def test_mt_bench_votes_take_their_prompts_from_the_questions(data: Path) -> None:
    questions = data / "prompts/mt_bench_questions.jsonl"
    options = ReadOptions(companions={"questions": questions})
    path = data / "preference/mt_bench_human_votes_q081-110.jsonl"
    drafts, bad = sorted_rows(read(path, "mt-bench", options))
    second = next(draft for draft in drafts if draft.metadata["turn"] == 2)

    assert not bad
    assert drafts[0].prompt[0].content.startswith("Compose an engaging travel blog post")
    assert str(second.metadata["second_question"]).startswith("Rewrite your previous response")
    assert all(draft.metadata["votes_only"] for draft in drafts)
