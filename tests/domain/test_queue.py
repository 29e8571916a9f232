"""The order in which tiers and items are tried."""

from hypothesis import given
from hypothesis import strategies as st

from labelhub.domain.queue import Burden, spread, tier_order
from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.timeline import HARD, NEW, WorkState

S0, S1, S2, S3, S4 = Severity
LIGHT, HEAVY = Burden(5, 5), Burden(6, 5)
AFTER_MILD, AFTER_HARD = WorkState(recent=(S2, S1)), WorkState(recent=(S1, S2))


def test_after_a_mild_item_hard_work_goes_to_whoever_carried_least() -> None:
    assert tier_order([S0, S1, S2, S3], AFTER_MILD, LIGHT) == (S2, S3, S0, S1)
    assert tier_order([S0, S1, S2, S3], AFTER_MILD, HEAVY) == (S0, S1, S2, S3)


def test_after_a_hard_item_mild_work_comes_first() -> None:
    assert tier_order([S2, S0], AFTER_HARD, LIGHT) == (S0, S2)


def test_the_first_item_of_all_may_be_hard_only_where_there_is_mild_work_too() -> None:
    assert tier_order([S2, S0], NEW, LIGHT) == (S2, S0)
    assert tier_order([S3, S2], NEW, LIGHT) == (S2, S3)


def test_where_mild_work_is_short_it_is_left_for_those_who_need_it() -> None:
    for work in (NEW, AFTER_MILD, AFTER_HARD):
        for burden in (LIGHT, HEAVY):
            assert tier_order([S0, S2], work, burden, mild_is_short=True) == (S2, S0)
    assert tier_order([S0, S1], AFTER_HARD, HEAVY, mild_is_short=True) == (S0, S1)


@given(st.sets(st.sampled_from(Severity)), st.lists(st.sampled_from(Severity)), st.booleans())
def test_every_open_tier_is_tried_once(
    tiers: set[Severity],
    recent: list[Severity],
    light: bool,  # noqa: FBT001 given by name
) -> None:
    work = WorkState(recent=tuple(recent))
    order = tier_order(tiers, work, LIGHT if light else HEAVY)
    assert sorted(order) == sorted(tiers)
    for kind in (True, False):
        same = [tier for tier in order if (tier >= HARD) is kind]
        assert same == sorted(same)


@given(st.integers(0, 10_000), st.lists(st.integers(0, 4)).map(sorted))
def test_all_items_are_tried_and_the_least_rated_first(turn: int, levels: list[int]) -> None:
    order = spread(turn, levels)
    assert sorted(order) == list(range(len(levels)))
    tried = [levels[place] for place in order]
    assert tried == sorted(tried)


def test_labelers_begin_at_different_items() -> None:
    assert {spread(turn, [2, 2, 2, 3])[0] for turn in range(9)} == {0, 1, 2}
