"""Where the plan takes a short cut, it comes to what the rules come to one by one."""

import itertools
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest

from labelhub.domain import queue
from labelhub.domain.planning import run
from labelhub.domain.planning.doses import Doses
from labelhub.domain.planning.mild_run import after_mild
from labelhub.domain.planning.person import Person
from labelhub.domain.planning.quick_look import QUICK
from labelhub.domain.planning.team import Load, Team
from labelhub.domain.queue import Burden
from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare import timeline
from labelhub.domain.welfare.dose import Charge, charge_ps
from labelhub.domain.welfare.facts import Candidate
from labelhub.domain.welfare.gate import RULES
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.timeline import HARD, Shown, WorkState
from labelhub.domain.welfare.verdicts import Refusal
from labelhub.domain.welfare.windows import questions, windows_from_charges
from tests.domain.planning.crew import SHIPPED, crew, limited, load, outcome

NINE = datetime(2024, 1, 1, 9, tzinfo=UTC)


class Asking(Person):
    """A person who takes no short cut: the gate is asked about every item, every time."""

    def held(self, _tier: Severity, _now: datetime) -> bool:
        return False

    def _serve_mild(self, _candidate: Candidate, _typical_s: int, _now: datetime) -> None:
        return None

    def _surely_refused(self, _candidate: Candidate, _now: datetime) -> bool:
        return False

    def lifting_first(self, candidates: Sequence[Candidate], now: datetime) -> Refusal | None:
        """Return the earliest of all refusals, as `outlook.standstill` finds it."""
        verdicts = [self.judge(candidate, now) for candidate in candidates]
        refusals = [each for each in verdicts if isinstance(each, Refusal)]
        if len(refusals) < len(verdicts):
            return None
        return min(refusals, key=lambda each: (each.until is None, each.until or now))


TIGHT = limited(
    dose_hour=30 * 60, run_hard=2, continuous_work=timedelta(minutes=20),
    hard_work=timedelta(minutes=8), long_work=timedelta(minutes=90),
)  # fmt: skip


@pytest.mark.parametrize(
    ("of", "team", "policy"),
    [
        (load(300), crew(2), SHIPPED),
        (load(200, 200, seconds=50), crew(2), SHIPPED),
        (load(150, 100, 60, 10, 3), crew(3), SHIPPED),
        (load(150, 100, 60, 10, 3), crew(3, mild=True), TIGHT),
        (load(0, 300, 40), crew(3), TIGHT),
        (load(100, 50, 40), crew(2, days=0, mild=True), SHIPPED),
        (load(60, 30, 10, seconds=400), crew(3), SHIPPED),
        (load(50, 0, 20, overlap=2), crew(3), TIGHT),
        (load(900, seconds=20), crew(1, hours=10), SHIPPED),
        (load(120, 0, 20, 20, seconds=70), crew(3, planned_shifts=True), SHIPPED),
    ],
)  # fmt: skip
def test_a_run_with_short_cuts_is_the_run_without(of: Load, team: Team, policy: Policy) -> None:
    short = outcome(of, team, policy)
    with mock.patch.object(run, "Person", Asking):
        whole = outcome(of, team, policy)

    assert short.ended == whole.ended
    assert short.done_by_hour == whole.done_by_hour
    assert short.tier_ended == whole.tier_ended
    assert (short.left, short.worked, short.filled) == (whole.left, whole.worked, whole.filled)
    assert short.held == whole.held


def test_mild_items_in_a_row_are_the_same_one_by_one() -> None:
    rng = random.Random(7)  # noqa: S311
    for _ in range(200):
        work = timeline.NEW
        now = NINE
        for _ in range(rng.randrange(1, 25)):  # whatever came before, hard items among it
            work, _charge, now = worked(work, Severity(rng.randrange(5)), rng.randrange(1, 90), now)
        start, row = work, []
        now += timedelta(seconds=2)
        shown_at = now
        for _ in range(rng.randrange(1, 30)):
            tier, takes = Severity(rng.randrange(2)), rng.randrange(1, 120)
            shown_at = now
            work, _charge, now = worked(work, tier, takes, now)
            span = timedelta(seconds=takes)
            row.append(Shown(tier, shown_at, shown_at + span, span))

        assert after_mild(start, row) == work


def worked(
    work: WorkState, tier: Severity, takes: int, now: datetime
) -> tuple[WorkState, Charge | None, datetime]:
    shown = timeline.served(work, SHIPPED, tier, timedelta(seconds=120), now)
    hidden, charge = timeline.hidden(shown, SHIPPED, now + timedelta(seconds=takes))
    return hidden, charge, now + timedelta(seconds=takes + 2)


def test_running_sums_answer_like_plain_summing() -> None:
    rng = random.Random(3)  # noqa: S311
    for _ in range(30):
        doses, charges, work, now = Doses(), [], timeline.NEW, NINE
        for _ in range(120):
            tier, takes = Severity(rng.randrange(5)), rng.randrange(1, 110)
            work, charge, now = worked(work, tier, takes, now)
            assert charge is not None
            charges.append(charge)
            if tier < HARD:
                cost = charge_ps(SHIPPED, tier, timedelta(seconds=charge.active_s))
                doses.add_mild(charge.hidden_at, charge.active_s, cost)
            else:
                doses.add(charge)
            now += timedelta(minutes=rng.choice((0, 0, 1, 30, 700, 5_000)))
            asked = questions(SHIPPED, work, now)

            assert doses.answer(asked, now) == windows_from_charges(charges, asked, now)
        assert doses.total_ps == sum(charge.charge_ps for charge in charges)


def test_a_quick_look_asks_rules_of_the_gate() -> None:
    assert set(QUICK) <= set(RULES)


def subsets(of: list[Severity]) -> list[tuple[Severity, ...]]:
    return [each for size in range(len(of) + 1) for each in itertools.combinations(of, size)]


def test_the_tier_found_by_striking_out_refused_ones_is_the_first_of_the_open_ones() -> None:
    """The plan asks tier by tier; serving judges all of them first and orders what is open."""
    works = [
        WorkState(recent=recent)
        for size in range(3)
        for recent in itertools.product((Severity.S0, Severity.S2), repeat=size)
    ]
    for possible in subsets(list(Severity)):
        for opened in subsets(list(possible)):
            for work, burden, short in itertools.product(
                works, (Burden(0, 0), Burden(2, 1)), (False, True)
            ):
                left = list(possible)
                while left:
                    first = queue.tier_order(left, work, burden, mild_is_short=short)[0]
                    if first in opened:
                        break
                    left.remove(first)
                expected = queue.tier_order(opened, work, burden, mild_is_short=short)
                assert (first if left else None) == (expected[0] if expected else None)


def test_the_order_of_mild_tiers_does_not_depend_on_what_came_before() -> None:
    orders = {
        queue.tier_order(
            (Severity.S0, Severity.S1),
            WorkState(recent=recent),
            Burden(own, 0),
            mild_is_short=short,
        )
        for recent in ((), (Severity.S0,), (Severity.S3, Severity.S1), (Severity.S2,))
        for own in (0, 5)
        for short in (False, True)
    }
    assert len(orders) == 1
