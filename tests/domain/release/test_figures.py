"""The card's figures, against values worked by hand."""

from collections import Counter
from dataclasses import replace

import pytest

from labelhub.domain.release.figures import Figures, krippendorff, median, rounded_seconds
from labelhub.domain.release.pairs import decide, pool
from labelhub.domain.release.spec import Format, ReleaseSpec
from labelhub.domain.vocabulary import Choice
from tests.domain.release.world import KEY, NOON, comparison, items_of, vote

SPEC = ReleaseSpec("r", Format.TRL_PREFERENCE, KEY, NOON)


def test_alpha_of_krippendorffs_own_nominal_example() -> None:
    # Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", C: nominal data, any number
    # of observers, missing values; α = 0.743. One word a unit.
    units = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222"]
    units += ["555", "11", "3"]
    patterns = Counter(tuple(unit.count(value) for value in "12345") for unit in units)

    alpha = krippendorff(patterns)

    assert alpha is not None
    assert alpha.value == pytest.approx(0.743, abs=0.0005)
    assert alpha.low < alpha.value < alpha.high <= 1


def test_alpha_is_one_when_all_agree_and_says_nothing_of_single_votes() -> None:
    alpha = krippendorff(Counter({(2, 0): 5, (0, 3): 5, (1, 0): 9}))

    assert alpha is not None
    assert alpha == (1.0, 1.0, 1.0)
    assert krippendorff(Counter({(1, 0): 9})) is None
    assert krippendorff(Counter({(2, 0): 9})) is None
    assert krippendorff(Counter({(1, 1): 1})) is None


@pytest.mark.parametrize(
    ("values", "middle"), [([], 0), ([5], 5), ([5, 10], 7.5), ([5, 5, 10], 5), ([1, 2, 2, 9], 2)]
)
def test_median(values: list[int], middle: float) -> None:
    assert median(Counter(values)) == middle


@pytest.mark.parametrize(("seconds", "rounded"), [(0, 0), (2.4, 0), (2.6, 5), (7.4, 5), (8, 10)])
def test_seconds_are_rounded_to_five(seconds: float, rounded: int) -> None:
    assert rounded_seconds(seconds) == rounded


def test_position_follows_the_display_and_choice_the_item() -> None:
    figures = Figures()
    shown = (
        vote(Choice.FIRST, rater="amina", first_on_left=True),
        vote(Choice.SECOND, rater="ben", first_on_left=False),
        vote(Choice.FIRST, rater="chidi", first_on_left=False),
        vote(Choice.FIRST, rater="divya"),
        vote(Choice.TIE, rater="emre", first_on_left=True),
    )
    for item in items_of(SPEC, [replace(comparison("a"), votes=shown)]):
        figures.receive(item)

    assert (figures.sided, figures.left) == (3, 2)
    assert (figures.votes, figures.ties, figures.both_bad) == (5, 1, 0)
    assert figures.votes_per_item == {5: 1}


def test_length_models_and_near_duplicates_of_written_pairs() -> None:
    figures = Figures()
    drafts = [
        comparison("a", "first1", first="a long answer", second="short", models=("m", "n")),
        comparison("b", "second1", first="a long answer", second="short", models=("m", "n")),
        comparison(
            "c",
            "second1",
            first="An  answer of words",
            second="an answer of words",
            models=("m", ""),
        ),
    ]
    for item in items_of(SPEC, drafts):
        (pair,), _ = pool([item])
        outcome = decide(pair.tally, SPEC)
        assert not isinstance(outcome, str)
        figures.decided(pair, outcome)

    assert figures.longer == {1: 1, -1: 2}
    assert figures.near_duplicates == 1
    records = {name: (r.chosen, r.rejected) for name, r in figures.models().items()}
    assert records == {"m": (1, 2), "n": (1, 1)}
