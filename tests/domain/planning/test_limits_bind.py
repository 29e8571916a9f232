"""A limit that binds alone is named; more people and mild work at hand do what they should."""

from dataclasses import replace
from datetime import timedelta

import pytest

from labelhub.domain.planning.plan import Change, changed, jobs, plan
from labelhub.domain.planning.team import Habits, Load, TierLoad
from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.limits import LimitId
from tests.domain.planning.crew import SHIPPED, crew, held_most, in_days, load, outcome
from tests.domain.welfare.world import only

S4_ONLY = load(0, 0, 0, 0, 30)


@pytest.mark.parametrize(
    ("limit", "of"),
    [
        (LimitId.L_02, load(0, 0, 0, 40)),
        (LimitId.L_03, load(0, 0, 0, 300)),
        (LimitId.L_04, load(0, 0, 0, 900)),
        (LimitId.L_07, S4_ONLY),
        (LimitId.L_08, load(0, 0, 60)),
        (LimitId.L_10, load(300)),
        (LimitId.L_11, load(0, 0, 200)),
        (LimitId.L_12, load(1_200)),
        (LimitId.L_16, S4_ONLY),
    ],
)
def test_a_limit_that_binds_alone_is_the_only_one_named(limit: LimitId, of: Load) -> None:
    found = outcome(of, crew(2), only(limit))

    assert found.is_finished
    assert set(found.held) == {limit.value}
    assert found.held[limit.value] > 0
    assert in_days(found) > in_days(outcome(of, crew(2), only()))  # type: ignore[operator]


def test_where_nothing_binds_nothing_is_named() -> None:
    assert not outcome(load(50, 20, 20, 10), crew(2), only()).held


def test_the_hours_of_a_team_are_kept() -> None:
    """Two people, 40 seconds and 2 between: 8 hours hold 686 items each, the last one begun."""
    found = outcome(load(2_000), crew(2), only())

    assert found.done_by_hour.keys() <= {*range(9, 18), *range(33, 42)}
    assert sum(n for hour, n in found.done_by_hour.items() if hour < 24) == 2 * 686


@pytest.mark.parametrize("limit", [LimitId.L_09, LimitId.L_18])
def test_a_limit_that_waiting_does_not_lift_stops_the_work_and_is_named(limit: LimitId) -> None:
    found = outcome(load(0, 0, 60), crew(2, days=0), only(limit))

    assert not found.is_finished
    assert held_most(found) == limit.value


def test_without_consent_nobody_begins_and_it_is_said_at_once() -> None:
    found = outcome(load(0, 0, 60), crew(2, agrees_to=frozenset()))

    assert found.left == {Severity.S2: 60}
    assert set(found.held) == {LimitId.L_19.value}
    assert not found.worked


def test_nobody_rates_an_item_twice() -> None:
    found = outcome(load(30, overlap=3), crew(2))

    assert found.left == {Severity.S0: 30}
    assert sum(found.done_by_hour.values()) == 60
    assert outcome(load(30, overlap=3), crew(3)).is_finished


def test_partly_rated_items_want_only_the_rest() -> None:
    wanting = Load({Severity.S0: TierLoad({1: 4, 3: 2}, 40, 40)}, Severity.S0)

    assert wanting.ratings == 10
    assert sum(outcome(wanting, crew(3)).done_by_hour.values()) == 10


MIXES = [load(600), load(300, 200), load(400, 100, 40, 10), load(200, 0, 100, 0, 6)]


@pytest.mark.parametrize("of", MIXES)
@pytest.mark.parametrize("mild", [False, True])
def test_more_people_never_take_longer(of: Load, mild: bool) -> None:  # noqa: FBT001
    days = [in_days(outcome(of, crew(people, mild=mild))) for people in (1, 2, 4, 8)]

    known = [each for each in days if each is not None]
    assert known == sorted(known, reverse=True)
    assert days[-1] is not None


@pytest.mark.parametrize("limit", [LimitId.L_08, LimitId.L_09, LimitId.L_17])
@pytest.mark.parametrize("items", [(0, 0, 60), (10, 0, 60, 20), (40, 0, 60)])
def test_mild_work_at_hand_shortens_where_runs_bind(limit: LimitId, items: tuple[int, ...]) -> None:
    policy = only(limit)
    without = outcome(load(*items), crew(2), policy)
    with_mild = outcome(load(*items), crew(2, mild=True), policy)

    assert with_mild.is_finished
    if without.is_finished:
        assert with_mild.ended <= without.ended


def test_one_mild_item_a_day_brings_new_people_through_the_ramp_up() -> None:
    of = load(0, 0, 20)

    assert not outcome(of, crew(2, days=0)).is_finished
    found = outcome(of, crew(2, days=0, mild=True))
    assert found.is_finished
    assert 3 <= found.ended / timedelta(days=1) <= 4  # S2 comes on the fourth day


def test_people_who_stop_for_the_day_come_back_after_a_rest() -> None:
    of, habits = load(0, 0, 400), Habits(continuing=0.0, pace_spread=0.0, item_spread=0.0)
    policy = only(LimitId.L_03, LimitId.L_06)
    going_on = outcome(of, crew(2), policy)
    stopping = outcome(of, crew(2, habits=habits), policy)

    assert going_on.is_finished
    assert stopping.is_finished
    assert stopping.ended > going_on.ended
    assert LimitId.L_06.value in stopping.held


def test_the_end_of_a_planned_shift_has_nothing_graphic() -> None:
    of = load(2_000, 0, 0, 200)
    planned = outcome(of, crew(1, planned_shifts=True), SHIPPED)

    assert planned.ended >= outcome(of, crew(1), SHIPPED).ended


def test_a_seed_gives_the_same_plan_and_another_one_another() -> None:
    team = crew(3, habits=Habits())

    def made(seed: int, runs: int = 4) -> object:
        wanted = jobs(MIXES[2], team, SHIPPED, seed, runs)
        return plan([(job, job.run()) for job in wanted])

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_a_plan_says_the_spread_of_its_runs_and_of_the_changes() -> None:
    wanted = jobs(load(300, 100, 40, 10), crew(3, habits=Habits()), SHIPPED, 1, 5)
    outcomes = [(job, job.run()) for job in wanted]
    made = plan(outcomes)

    base = sorted(o.ended / timedelta(days=1) for j, o in outcomes if j.change is Change.NONE)
    assert (made.finish.low, made.finish.median, made.finish.high) == (base[0], base[2], base[4])
    assert [each.change for each in made.what_ifs] == [Change.PERSON, Change.MILD]
    person = made.what_ifs[0]
    assert person.difference is not None
    assert person.difference.high is not None
    assert person.difference.high < 0
    assert made.curve[-1].low == made.ratings
    assert sum(each.share for each in made.held) == pytest.approx(1)


def test_a_team_that_has_mild_work_is_not_offered_it_again() -> None:
    team = crew(2, mild=True)

    assert changed(team, Change.MILD) == team
    assert {job.change for job in jobs(MIXES[0], team, SHIPPED, 1)} == {Change.NONE, Change.PERSON}


def test_one_more_person_comes_into_the_largest_group() -> None:
    two = replace(crew(2), groups=(*crew(2).groups, replace(crew(5).groups[0], name="two")))

    assert [group.people for group in changed(two, Change.PERSON).groups] == [2, 6]
