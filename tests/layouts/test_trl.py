"""The layouts of TRL's trainers, which are those of LabelHub's releases."""

import pytest

from labelhub.domain.items import ItemDraft
from labelhub.domain.vocabulary import Choice
from labelhub.layouts import UnreadableFileError
from tests.layouts.conftest import Reader, lines

PROMPT = [{"role": "user", "content": "How long?"}]
GOOD = [{"role": "assistant", "content": "Five minutes."}]
BAD = [{"role": "assistant", "content": "Long."}]
PAIR = {"prompt": PROMPT, "chosen": GOOD, "rejected": BAD}


def winner(draft: ItemDraft) -> str:
    choice = draft.ratings[0].choice
    return draft.completions[0 if choice is Choice.FIRST else 1].turns[0].content


@pytest.mark.parametrize(
    ("row", "layout"),
    [
        (PAIR, "trl-preference"),
        ({"chosen": PROMPT + GOOD, "rejected": PROMPT + BAD}, "trl-preference"),
        ({"prompt": "How long?", "chosen": PROMPT + GOOD, "rejected": PROMPT + BAD},
         "trl-preference"),
        ({"prompt": "How long?", "chosen": GOOD, "rejected": BAD}, "trl-preference"),
        ({**PAIR, "margin": 1.5}, "reward-margin"),
        ({"prompt": "How long?", "chosen": "Five minutes.", "rejected": "Long."},
         "trl-preference-text"),
        ({"prompt": "\n\nHuman: How long?\n\nAssistant:", "chosen": " Five minutes.",
          "rejected": " Long."}, "trl-preference-text"),
        ({"chosen": "\n\nHuman: How long?\n\nAssistant: Five minutes.",
          "rejected": "\n\nHuman: How long?\n\nAssistant: Long."}, "hh-rlhf"),
    ],
)  # fmt: skip
def test_every_spelling_of_a_pair_is_recognised_and_means_the_same(
    reading: Reader, row: dict[str, object], layout: str
) -> None:
    drafts, bad = reading("a.jsonl", lines(row), with_ratings=True)
    named, _ = reading("a.jsonl", lines(row), layout, with_ratings=True)

    assert not bad
    assert drafts == named
    assert drafts[0].ratings[0].rater == layout
    assert [turn.content for turn in drafts[0].prompt] == ["How long?"]
    assert winner(drafts[0]) == "Five minutes."


@pytest.mark.parametrize(
    ("margin", "strength"), [(0, 1), (0.4, 1), (1.49, 1), (1.5, 2), (2.5, 3), (99, 3)]
)
def test_a_margin_becomes_a_strength(reading: Reader, margin: float, strength: int) -> None:
    drafts, _ = reading("a.jsonl", lines({**PAIR, "margin": margin}), with_ratings=True)

    assert drafts[0].ratings[0].strength == strength


@pytest.mark.parametrize("margin", [-1, "2", None, True])
def test_a_margin_that_is_none_is_refused(reading: Reader, margin: object) -> None:
    drafts, bad = reading("a.jsonl", lines({**PAIR, "margin": margin}), "reward-margin")

    assert not drafts
    assert bad[0].field == "margin"


def test_without_ratings_nothing_says_which_was_chosen(reading: Reader) -> None:
    plain = reading("a.jsonl", lines({**PAIR, "pair_id": "p1", "prompt_id": "q1"}))[0][0]

    assert plain.ratings == ()
    assert (plain.external_id, plain.source_id, plain.metadata) == ("p1", "q1", {})


def test_models_follow_their_completions(reading: Reader) -> None:
    row = {**PAIR, "chosen_model": "good", "rejected_model": "bad"}
    draft = reading("a.jsonl", lines(row))[0][0]

    models = {each.turns[0].content: each.model for each in draft.completions}
    assert models == {"Five minutes.": "good", "Long.": "bad"}


def test_a_continuation_of_several_turns_is_kept_whole(reading: Reader) -> None:
    rest = [*GOOD, {"role": "user", "content": "Sure?"}, {"role": "assistant", "content": "Yes."}]
    draft = reading("a.jsonl", lines({**PAIR, "chosen": rest}))[0][0]

    assert sorted(len(each.turns) for each in draft.completions) == [1, 3]


def test_an_unpaired_completion_keeps_its_label_beside_it(reading: Reader) -> None:
    row = {"prompt": PROMPT, "completion": GOOD, "label": True}
    drafts, bad = reading("a.jsonl", lines(row, {**row, "label": 1}), with_ratings=True)

    assert drafts[0].metadata == {"label": True}
    assert drafts[0].ratings == ()
    assert (bad[0].field, bad[0].reason) == ("label", "is a number, not true or false")


def test_an_unpaired_file_is_recognised(reading: Reader) -> None:
    drafts, _ = reading("a.jsonl", lines({"prompt": "a", "completion": "b", "label": False}))

    assert drafts[0].completions[0].turns[0].content == "b"


def test_chosen_that_does_not_repeat_the_same_prompt_is_refused(reading: Reader) -> None:
    other = [{"role": "user", "content": "What?"}, *BAD]
    drafts, bad = reading("a.jsonl", lines(PAIR, {"chosen": PROMPT + GOOD, "rejected": other}))

    assert len(drafts) == 1
    assert "does not begin with the same turns" in bad[0].reason


def test_chosen_without_rejected_fits_nothing(reading: Reader) -> None:
    with pytest.raises(UnreadableFileError, match="needs them"):
        reading("a.jsonl", lines({"prompt": PROMPT, "chosen": GOOD}), "trl-preference")
