"""HH-RLHF: byte for byte, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelhub.domain.items import Turn
from labelhub.domain.vocabulary import Choice, SpeakerRole
from labelhub.layouts.errors import RowError
from labelhub.layouts.hh import ASSISTANT, HUMAN, read_dialogue, write_dialogue
from tests.layouts.conftest import Reader, lines

EGG = f"{HUMAN}How long?{ASSISTANT}How soft?{HUMAN}Very.{ASSISTANT}"
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda text: text.strip() != ""
)


def test_the_shared_turns_become_the_prompt(reading: Reader) -> None:
    row = {"chosen": f"{EGG}Five minutes.", "rejected": f"{EGG}An hour. "}
    drafts, bad = reading("a.jsonl", lines(row), with_ratings=True)

    assert not bad
    assert [turn.content for turn in drafts[0].prompt] == ["How long?", "How soft?", "Very."]
    texts = {each.turns[0].content for each in drafts[0].completions}
    assert texts == {"Five minutes.", "An hour. "}
    best = 0 if drafts[0].ratings[0].choice is Choice.FIRST else 1
    assert drafts[0].completions[best].turns[0].content == "Five minutes."


def test_dialogues_of_different_length_keep_what_follows_the_fork(reading: Reader) -> None:
    longer = f"{EGG}Five minutes.{HUMAN}Thanks.{ASSISTANT}Welcome."
    drafts, bad = reading("a.jsonl", lines({"chosen": longer, "rejected": f"{EGG}Five minutes."}))

    assert not bad
    assert sorted(len(each.turns) for each in drafts[0].completions) == [1, 3]
    assert drafts[0].prompt[-1].role is SpeakerRole.USER


def test_the_order_depends_on_the_texts_and_not_on_the_winner(reading: Reader) -> None:
    sides = [(f"{EGG}answer {n}", f"{EGG}reply {n}") for n in range(40)]
    there, _ = reading("a.jsonl", lines(*({"chosen": a, "rejected": b} for a, b in sides)))
    back, _ = reading("a.jsonl", lines(*({"chosen": b, "rejected": a} for a, b in sides)))

    assert [draft.completions for draft in there] == [draft.completions for draft in back]
    assert len({draft.completions[0].turns[0].content[0] for draft in there}) == 2


@pytest.mark.parametrize(
    ("chosen", "field", "reason"),
    [
        ("Hello", "chosen", "does not begin with"),
        (f"x{EGG}y", "chosen", "does not begin with"),
        (f"{ASSISTANT}Hello{HUMAN}x{ASSISTANT}y", "chosen", "does not begin with the human"),
        (f"{HUMAN}a{HUMAN}b{ASSISTANT}c", "chosen", "must alternate"),
        (f"{HUMAN}a{ASSISTANT}", "chosen", "empty turn"),
        (f"{HUMAN}a{ASSISTANT}b{HUMAN}c", "chosen", "does not end with the assistant"),
        (f"{HUMAN}a{ASSISTANT}b\n\nHuman:c", "chosen", "mark of a speaker inside a turn"),
        (f"{HUMAN}other{ASSISTANT}b", "rejected", "does not begin with the same turn"),
        (f"{EGG}no", "completion 2", "same text"),
        (7, "chosen", "is a number, not text"),
    ],
)
def test_a_dialogue_that_cannot_come_back_is_refused(
    reading: Reader, chosen: object, field: str, reason: str
) -> None:
    drafts, bad = reading("a.jsonl", lines({"chosen": chosen, "rejected": f"{EGG}no"}), "hh-rlhf")

    assert not drafts
    assert bad[0].field == field
    assert reason in bad[0].reason


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4))
def test_whatever_is_read_is_written_again_as_it_was(pairs: list[tuple[str, str]]) -> None:
    turns = [
        Turn(role, text)
        for pair in pairs
        for role, text in zip((SpeakerRole.USER, SpeakerRole.ASSISTANT), pair, strict=True)
    ]
    text = write_dialogue(turns)
    try:
        found = read_dialogue(text, "chosen")
    except RowError:
        return
    assert write_dialogue(found) == text
    assert found == tuple(turns)


def test_a_system_turn_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="no speaker"):
        write_dialogue([Turn(SpeakerRole.SYSTEM, "Be brief.")])
