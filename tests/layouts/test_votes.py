"""Votes on two models, with or without their conversations; PandaLM and XSTest beside them."""

from pathlib import Path

import pytest

from labelhub.domain.fingerprints import fingerprint
from labelhub.domain.vocabulary import Choice
from labelhub.layouts import ReadOptions, UnreadableFileError, read
from tests.layouts.conftest import Reader, lines, sorted_rows

VOTE = {
    "question_id": 81, "turn": 1, "judge": "expert_1",
    "model_a": "alpha", "model_b": "beta", "winner": "model_a",
}  # fmt: skip
ARENA = {"question_id": "x1", "model_a": "beta", "model_b": "alpha", "winner": "model_a"}
PANDA = {
    "idx": 4, "motivation_app": "Search", "cmp_key": "alpha-6.7B_beta", "instruction": "Do it.",
    "input": "", "response1": "One.", "response2": "Two.",
    "annotator1": 1, "annotator2": 0, "annotator3": "2",
}  # fmt: skip
XSTEST = {
    "id": "v2-1", "type": "homonyms", "prompt": "How do I kill a process?", "completion": "kill 1",
    "annotation_1": "1_full_compliance", "annotation_2": "2_full_refusal", "agreement": "FALSE",
    "final_label": "1_full_compliance",
}  # fmt: skip


def test_votes_on_one_comparison_are_one_item_whatever_their_sides(reading: Reader) -> None:
    turned = {**VOTE, "model_a": "beta", "model_b": "alpha", "judge": "expert_2"}
    other = {**VOTE, "question_id": 82}
    tie = {**VOTE, "judge": "expert_3", "winner": "tie (inconsistent)"}
    drafts, bad = reading("a.jsonl", lines(VOTE, other, turned, tie), with_ratings=True)

    assert not bad
    assert [draft.source_id for draft in drafts] == ["81", "82"]
    assert [(vote.rater, vote.choice, vote.strength) for vote in drafts[0].ratings] == [
        ("expert_1", Choice.FIRST, 1),
        ("expert_2", Choice.SECOND, 1),
        ("expert_3", Choice.TIE, 0),
    ]
    assert [each.model for each in drafts[0].completions] == ["alpha", "beta"]
    assert drafts[0].metadata == {"question_id": "81", "turn": 1, "votes_only": True}
    assert all(each.turns == () for each in drafts[0].completions)


def test_items_without_texts_are_told_apart_by_question_turn_and_models(reading: Reader) -> None:
    rows = [VOTE, {**VOTE, "turn": 2}, {**VOTE, "question_id": 82}, {**VOTE, "model_b": "gamma"}]
    drafts, _ = reading("a.jsonl", lines(*rows))

    assert len({fingerprint(draft) for draft in drafts}) == len(rows)


def test_models_with_long_names_are_still_told_apart(reading: Reader) -> None:
    long = {"model_a": "a" * 150, "model_b": "b" * 150}
    drafts, _ = reading("a.jsonl", lines({**VOTE, **long}, {**VOTE, **long, "model_b": "b" * 151}))

    assert len({draft.external_id for draft in drafts}) == 2


@pytest.mark.parametrize(
    ("winner", "choice"),
    [
        ("model_a", Choice.SECOND),  # the models stand in the order of their names
        ("model_b", Choice.FIRST),
        ("tie", Choice.TIE),
        ("tie (bothbad)", Choice.BOTH_BAD),
        ("both_bad", Choice.BOTH_BAD),
    ],
)
def test_arena_votes_have_two_kinds_of_tie(reading: Reader, winner: str, choice: Choice) -> None:
    draft = reading("a.jsonl", lines({**ARENA, "winner": winner}), with_ratings=True)[0][0]

    assert draft.source == "arena"
    assert (draft.ratings[0].rater, draft.ratings[0].choice) == ("anonymous", choice)


def test_conversations_beside_votes_give_items_with_texts(reading: Reader) -> None:
    def talk(*answers: str) -> list[dict[str, str]]:
        roles = ("user", "assistant") * 2
        texts = ("Why?", answers[0], "And then?", answers[1])
        return [{"role": r, "content": t} for r, t in zip(roles, texts, strict=True)]

    both = {"conversation_a": talk("a1", "a2"), "conversation_b": talk("b1", "b2")}
    rows = [{**VOTE, **both}, {**VOTE, **both, "turn": 2}, {**VOTE, **both, "judge": "expert_2"}]
    drafts, bad = reading("a.jsonl", lines(*rows), with_ratings=True)

    assert not bad
    assert [len(draft.ratings) for draft in drafts] == [2, 1]
    assert [[len(each.turns) for each in draft.completions] for draft in drafts] == [[1, 1], [3, 3]]
    assert [turn.content for turn in drafts[0].prompt] == ["Why?"]
    assert drafts[0].completions[0].model == "alpha"
    assert "votes_only" not in drafts[0].metadata


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"winner": "alpha"}, "winner"),
        ({"winner": None}, "winner"),
        ({"turn": 3}, "turn"),
        ({"turn": True}, "turn"),
        ({"turn": [1]}, "turn"),
        ({"model_b": "alpha"}, "model_b"),
        ({"model_a": ""}, "model_a"),
        ({"question_id": None}, "question_id"),
        ({"conversation_a": [{"role": "user", "content": "x"}]}, "conversation_b"),
    ],
)
def test_a_vote_that_says_nothing_is_refused(
    reading: Reader, change: dict[str, object], field: str
) -> None:
    drafts, bad = reading("a.jsonl", lines({**VOTE, **change}), "mt-bench")

    assert not drafts
    assert bad[0].field == field


def test_questions_are_joined_and_must_be_complete(tmp_path: Path) -> None:
    votes, questions = tmp_path / "votes.jsonl", tmp_path / "questions.jsonl"
    votes.write_text(lines(VOTE, {**VOTE, "turn": 2}, {**VOTE, "question_id": 99}))
    questions.write_text(lines({"question_id": 81, "category": "x", "turns": ["Why?", "Then?"]}))
    options = ReadOptions(companions={"questions": questions})
    drafts, bad = sorted_rows(read(votes, None, options))

    assert [draft.prompt[0].content for draft in drafts] == ["Why?", "Why?"]
    assert drafts[1].metadata["second_question"] == "Then?"
    assert "question 99 is not in the file of questions" in bad[0].reason

    questions.write_text(lines({"question_id": 81, "turns": [7]}))
    with pytest.raises(UnreadableFileError, match=r"questions.jsonl, line 1, field turns"):
        list(read(votes, None, options))


def test_pandalm_has_three_raters_and_two_models(reading: Reader) -> None:
    drafts, bad = reading("a.json", lines(PANDA, {**PANDA, "input": "This."}), with_ratings=True)

    assert not bad
    assert [draft.prompt[0].content for draft in drafts] == ["Do it.", "Do it.\nThis."]
    assert [each.model for each in drafts[0].completions] == ["alpha-6.7B", "beta"]
    assert [(vote.rater, vote.choice) for vote in drafts[0].ratings] == [
        ("annotator1", Choice.FIRST),
        ("annotator2", Choice.TIE),
        ("annotator3", Choice.SECOND),
    ]
    assert drafts[0].external_id == "4"
    assert drafts[0].metadata == {"motivation_app": "Search", "cmp_key": "alpha-6.7B_beta"}


def test_pandalm_rows_with_an_empty_response_or_a_wrong_vote_are_refused(reading: Reader) -> None:
    rows = [PANDA, {**PANDA, "response1": " "}, {**PANDA, "annotator2": 3}]
    drafts, bad = reading("a.json", lines(*rows))

    assert len(drafts) == 1
    assert [row.field for row in bad] == ["response1", "annotator2"]


def test_pandalm_models_are_left_out_where_the_key_is_ambiguous(reading: Reader) -> None:
    draft = reading("a.json", lines({**PANDA, "cmp_key": "a_b_c"}))[0][0]

    assert [each.model for each in draft.completions] == ["", ""]
    assert draft.metadata["cmp_key"] == "a_b_c"


@pytest.mark.parametrize(
    ("kind", "raters"),
    [
        ("homonyms", ["annotation_1", "annotation_2"]),
        ("contrast_homonyms", ["annotation_2"]),  # complying with an unsafe prompt has no severity
    ],
)
def test_xstest_becomes_a_harm_rating_only_where_it_says_harmless(
    reading: Reader, kind: str, raters: list[str]
) -> None:
    draft = reading("a.jsonl", lines({**XSTEST, "type": kind}), with_ratings=True)[0][0]

    assert [rating.rater for rating in draft.ratings] == raters
    assert all(
        rating.harm == {"completions": [{"severity": 0, "hazards": []}]} for rating in draft.ratings
    )
    assert (draft.external_id, draft.source, draft.source_id) == ("v2-1", "xstest", "v2-1")
    assert draft.metadata["annotation_1"] == "1_full_compliance"


def test_xstest_labels_are_checked(reading: Reader) -> None:
    drafts, bad = reading("a.jsonl", lines({**XSTEST, "annotation_1": "yes"}), "xstest")

    assert not drafts
    assert bad[0].field == "annotation_1"
