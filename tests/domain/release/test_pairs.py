"""Votes on a pair: pooling, majority, agreement and the order of reasons."""

from dataclasses import replace

import pytest

from labelhub.domain.items import Completion
from labelhub.domain.release.pairs import Drop, Pair, Preference, decide, pool
from labelhub.domain.release.spec import Format, Neither, ReleaseSpec, Rules
from labelhub.domain.release.votes import VoteStatus
from labelhub.domain.vocabulary import Choice
from tests.domain.release.world import (
    KEY,
    NOON,
    Draft,
    assistant,
    comparison,
    completion,
    items_of,
    user,
    vote,
)

SPEC = ReleaseSpec("r", Format.TRL_PREFERENCE, KEY, NOON)


def ruled(**rules: object) -> ReleaseSpec:
    return replace(SPEC, rules=Rules(**rules))  # type: ignore[arg-type]


def only_pair(*drafts: Draft) -> Pair:
    pairs, refused = pool(sorted(items_of(SPEC, drafts), key=lambda item: item.item_key))
    assert not refused
    assert len(pairs) == 1
    return pairs[0]


def decided(*choices: str, spec: ReleaseSpec = SPEC) -> Preference | Drop:
    return decide(only_pair(comparison("a", *choices)).tally, spec)


def test_the_example_of_the_format_document() -> None:
    outcome = decided("first3", "first2", "tie")

    assert outcome == Preference(0, 3, 2, 0, 1, agreement=0.667, mean_strength=1.667)


def test_the_second_side_can_win() -> None:
    outcome = decided("second2", "second2", "first1")

    assert outcome == Preference(1, 3, 2, 1, 0, agreement=0.667, mean_strength=1.0)


def test_a_strength_that_was_not_asked_is_one() -> None:
    outcome = decided("first", "first")

    assert isinstance(outcome, Preference)
    assert outcome.mean_strength == 1.0


@pytest.mark.parametrize(
    ("choices", "outcome"),
    [
        (("first1", "second1"), Drop.NO_MAJORITY),
        (("first1", "first1", "second1", "second1"), Drop.NO_MAJORITY),
        (("first1", "tie"), Drop.NO_MAJORITY),
        (("tie", "tie", "first1"), Drop.TIE),
        (("tie", "both_good", "first1"), Drop.TIE),
        (("tie",), Drop.TIE),
        (("both_bad", "both_bad", "first1"), Drop.BOTH_BAD),
        (("both_bad", "tie"), Drop.NO_MAJORITY),
        (("both_bad", "tie", "first1"), Drop.NO_MAJORITY),
        ((), Drop.TOO_FEW_VOTES),
        (("unsure",), Drop.TOO_FEW_VOTES),
    ],
)
def test_without_a_strict_majority_for_a_side_the_reason_is_named(
    choices: tuple[str, ...], outcome: Drop
) -> None:
    assert decided(*choices) is outcome


@pytest.mark.parametrize(("votes", "written"), [(1, False), (2, True), (3, True)])
def test_min_votes_is_reached_not_passed(votes: int, *, written: bool) -> None:
    outcome = decided(*["first1"] * votes, spec=ruled(min_votes=2))

    assert isinstance(outcome, Preference) is written


@pytest.mark.parametrize(("minimum", "written"), [(0.666, True), (0.667, True), (0.668, False)])
def test_min_agreement_is_compared_with_the_agreement_that_is_written(
    minimum: float, *, written: bool
) -> None:
    outcome = decided("first1", "first1", "second1", spec=ruled(min_agreement=minimum))

    assert isinstance(outcome, Preference) is written
    assert written or outcome is Drop.LOW_AGREEMENT


@pytest.mark.parametrize(
    ("against", "written"), [("second1", True), ("second2", False), ("second3", False)]
)
def test_strengths_that_point_the_other_way_overrule_a_majority(
    against: str, *, written: bool
) -> None:
    outcome = decided("first1", "first1", against)

    assert isinstance(outcome, Preference) is written
    assert written or outcome is Drop.LOW_AGREEMENT


def test_too_few_votes_is_named_before_both_bad() -> None:
    assert decided("both_bad", spec=ruled(min_votes=2)) is Drop.TOO_FEW_VOTES


def test_votes_that_abstain_are_not_counted() -> None:
    strict = decided("first1", "both_bad", "tie")
    lenient = ruled(ties=Neither.ABSTAIN, both_bad=Neither.ABSTAIN)

    assert strict is Drop.NO_MAJORITY
    assert decided("first1", "both_bad", "tie", spec=lenient) == Preference(
        0, 1, 1, 0, 0, agreement=1.0, mean_strength=1.0
    )
    assert decided("tie", "both_bad", spec=lenient) is Drop.TOO_FEW_VOTES


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (VoteStatus.ACCEPTED, True),
        (VoteStatus.ADJUDICATED, True),
        (VoteStatus.LATE, False),
        (VoteStatus.GOLD, False),
        (VoteStatus.PRACTICE, False),
        (VoteStatus.EXCLUDED, False),
        (VoteStatus.WITHDRAWN, False),
    ],
)
def test_only_accepted_votes_count(status: VoteStatus, *, counts: bool) -> None:
    draft = replace(comparison("a"), votes=(vote("first", status=status),))

    assert isinstance(decide(only_pair(draft).tally, SPEC), Preference) is counts


@pytest.mark.parametrize("status", [VoteStatus.GOLD, VoteStatus.PRACTICE])
def test_a_pair_of_gold_or_practice_is_dropped_as_such(status: VoteStatus) -> None:
    draft = replace(comparison("a"), votes=(vote("first", status=status),))

    assert decide(only_pair(draft).tally, SPEC) is Drop.GOLD_OR_PRACTICE


def test_equal_texts_are_one_pair_whichever_side_they_are_on() -> None:
    one = comparison("a", "first3", question="Q", first="yes", second="no", models=("m-a", "m-b"))
    turned = comparison(
        "b", "second1", question="Q", first="no ", second="\nyes", models=("m-c", "m-d")
    )

    pair = only_pair(turned, one)

    assert pair.item.item_key == "a"
    assert pair.pooled == 1
    assert pair.models == ("m-a|m-d", "m-b|m-c")
    assert decide(pair.tally, SPEC) == Preference(0, 2, 2, 0, 0, 1.0, 2.0)


def test_other_prompts_and_other_texts_stay_apart() -> None:
    drafts = [
        comparison("a", "first1", question="Q", first="yes", second="no"),
        comparison("b", "first1", question="Q", first="yes", second="perhaps"),
    ]

    pairs, _ = pool(items_of(SPEC, drafts))

    assert [pair.pooled for pair in pairs] == [0, 0]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("yes", "yes", Drop.IDENTICAL),
        ("yes", " yes\n", Drop.IDENTICAL),
        ("", "yes", Drop.EMPTY_RESPONSE),
        ("yes", " \n", Drop.EMPTY_RESPONSE),
        (" ", "", Drop.EMPTY_RESPONSE),
    ],
)
def test_empty_comes_before_identical(first: str, second: str, reason: Drop) -> None:
    items = items_of(SPEC, [comparison("a", "first1", first=first, second=second)])

    assert pool(items) == ([], [(items[0], reason)])


@pytest.mark.parametrize("number", [0, 1, 3])
def test_only_two_completions_are_a_comparison(number: int) -> None:
    draft = replace(
        comparison("a", "first1"), completions=tuple(completion(f"c{n}") for n in range(number))
    )
    items = items_of(SPEC, [draft])

    assert pool(items) == ([], [(items[0], Drop.NOT_A_COMPARISON)])


def test_a_continued_dialogue_is_compared_as_a_whole() -> None:
    start = (assistant("Well."), user("And?"))
    one = Completion((*start, assistant("Yes.")), "m-a")
    other = Completion((*start, assistant("No.")), "m-b")
    draft = replace(comparison("a", "second1"), completions=(one, other))

    pair = only_pair(draft)

    outcome = decide(pair.tally, SPEC)
    assert isinstance(outcome, Preference)
    assert pair.item.completions[outcome.winner] == other


def test_votes_are_in_the_items_order_whatever_side_was_shown_first() -> None:
    shown = (
        vote(Choice.FIRST, rater="ben", first_on_left=True),
        vote(Choice.FIRST, rater="amina", first_on_left=False),
    )

    outcome = decide(only_pair(replace(comparison("a"), votes=shown)).tally, SPEC)

    assert isinstance(outcome, Preference)
    assert (outcome.winner, outcome.chosen) == (0, 2)
