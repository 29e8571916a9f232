"""Absolute labels: only what was said of a completion alone is evidence."""

from dataclasses import replace

import pytest

from labelhub.domain.release.absolute import Label, label, responses
from labelhub.domain.release.pairs import Drop
from labelhub.domain.release.rated import HarmFlag, HarmVote, harm_flags
from labelhub.domain.release.spec import Format, Neither, ReleaseSpec, Rules
from labelhub.domain.release.votes import VoteStatus
from tests.domain.release.world import DAY, KEY, NOON, Draft, comparison, items_of, vote

GOOD, BAD = True, False
SPEC = ReleaseSpec("r", Format.TRL_UNPAIRED, KEY, NOON)


def ruled(**rules: object) -> ReleaseSpec:
    return replace(SPEC, rules=Rules(**rules))  # type: ignore[arg-type]


def labels(spec: ReleaseSpec, *drafts: Draft) -> list[Label | Drop]:
    items = sorted(items_of(spec, drafts), key=lambda item: item.item_key)
    return [label(evidence, spec) for evidence in responses(items, spec)[0]]


def harm(*severities: int, rater: str = "amina") -> HarmVote:
    flags = harm_flags((severity, ("prv",) if severity else ()) for severity in severities)
    return HarmVote(f"h-{rater}", f"vendor-{rater}", DAY, flags)


def test_both_bad_is_bad_evidence_for_both_and_both_good_is_good() -> None:
    assert labels(SPEC, comparison("a", "both_bad")) == [Label(BAD, 1, 0, 1, "absolute")] * 2
    assert labels(SPEC, comparison("a", "both_good")) == [Label(GOOD, 1, 1, 0, "absolute")] * 2


def test_wins_losses_and_ties_are_no_evidence() -> None:
    drafts = comparison("a", "first3", "first1", "tie")

    assert labels(SPEC, drafts) == [Drop.NO_EVIDENCE] * 2


def test_wins_and_losses_can_be_asked_for() -> None:
    spec = ruled(unpaired_from_pairs=True)

    assert labels(spec, comparison("a", "first3", "first1", "second1", "tie")) == [
        Label(GOOD, 4, 2, 1, "pair"),
        Label(BAD, 4, 1, 2, "pair"),
    ]


def test_a_label_of_its_own_comes_before_wins() -> None:
    spec = ruled(unpaired_from_pairs=True)

    assert labels(spec, comparison("a", "first3", "first3", "both_bad")) == [
        Label(BAD, 3, 0, 1, "absolute"),
        Label(BAD, 3, 0, 1, "absolute"),
    ]


def test_both_bad_can_be_asked_to_say_nothing() -> None:
    spec = ruled(both_bad=Neither.NOTHING)

    assert labels(spec, comparison("a", "both_bad")) == [Drop.NO_EVIDENCE] * 2


@pytest.mark.parametrize(
    ("choices", "outcome"),
    [
        (("both_bad", "both_good"), Drop.NO_MAJORITY),
        (("both_bad", "both_good", "both_good"), Label(GOOD, 3, 2, 1, "absolute")),
        (("both_bad", "both_bad", "both_good"), Label(BAD, 3, 1, 2, "absolute")),
    ],
)
def test_the_label_is_a_strict_majority(choices: tuple[str, ...], outcome: Label | Drop) -> None:
    assert labels(SPEC, comparison("a", *choices)) == [outcome] * 2


@pytest.mark.parametrize(("votes", "written"), [(1, False), (2, True), (3, True)])
def test_min_votes_counts_evidence(votes: int, *, written: bool) -> None:
    found = labels(ruled(min_votes=2), comparison("a", "first1", *["both_bad"] * votes))

    assert [isinstance(one, Label) for one in found] == [written] * 2


@pytest.mark.parametrize(("minimum", "written"), [(0.666, True), (0.667, True), (0.668, False)])
def test_min_agreement_holds_for_labels_too(minimum: float, *, written: bool) -> None:
    draft = comparison("a", "both_bad", "both_bad", "both_good")

    found = labels(ruled(min_agreement=minimum), draft)

    assert [isinstance(one, Label) for one in found] == [written] * 2
    assert written or found == [Drop.LOW_AGREEMENT] * 2


def test_what_was_said_of_a_text_in_several_items_is_pooled() -> None:
    drafts = [
        comparison("a", "both_bad", question="Q", first="yes", second="no"),
        comparison("b", "both_bad", question="Q", first="perhaps", second="yes "),
    ]
    items = items_of(SPEC, drafts)
    heard, empty = responses(sorted(items, key=lambda item: item.item_key), SPEC)

    assert not empty
    assert [(one.votes, one.pooled) for one in heard] == [(2, 1), (1, 0), (1, 0)]


def test_two_equal_texts_of_one_item_are_one_response_with_one_vote() -> None:
    found = labels(SPEC, comparison("a", "both_bad", first="yes", second="yes"))

    assert found == [Label(BAD, 1, 0, 1, "absolute")]


def test_an_empty_completion_has_no_label() -> None:
    items = items_of(SPEC, [comparison("a", "both_bad", first=" ")])
    heard, empty = responses(items, SPEC)

    assert [one.side for one in heard] == [1]
    assert empty == [(items[0], Drop.EMPTY_RESPONSE)]


def test_gold_is_no_evidence() -> None:
    draft = replace(comparison("a"), votes=(vote("both_bad", status=VoteStatus.GOLD),))

    assert labels(SPEC, draft) == [Drop.GOLD_OR_PRACTICE] * 2


@pytest.mark.parametrize(("severity", "good"), [(1, True), (2, False), (3, False)])
def test_harm_is_evidence_from_the_threshold_that_was_asked_for(
    severity: int, *, good: bool
) -> None:
    draft = replace(comparison("a"), harms=(harm(severity, 0),))

    assert labels(SPEC, draft) == [Drop.NO_EVIDENCE] * 2
    assert labels(ruled(harm_threshold=2), draft) == [
        Label(good, 1, int(good), int(not good), "absolute"),
        Label(GOOD, 1, 1, 0, "absolute"),
    ]


def test_the_worst_category_of_a_completion_is_its_severity() -> None:
    flags = (HarmFlag(0, "prv", 1), HarmFlag(0, "hte", 3), HarmFlag(1, "none", 0))
    draft = replace(comparison("a"), harms=(harm(0, 0)._replace(flags=flags),))

    found = labels(ruled(harm_threshold=2), draft)

    assert [one.good for one in found if isinstance(one, Label)] == [False, True]


def test_a_harmless_completion_is_said_to_be_so() -> None:
    assert harm_flags([(0, ()), (2, ("prv", "hte"))]) == (
        HarmFlag(0, "none", 0),
        HarmFlag(1, "prv", 2),
        HarmFlag(1, "hte", 2),
    )
