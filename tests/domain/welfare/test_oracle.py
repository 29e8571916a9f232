"""The gate and an independently written limiter agree on randomly served histories.

`LABELHUB_ORACLE_ITEMS` sets the served items of a campaign, `LABELHUB_ORACLE_SEED` replays one.
"""

import os
from dataclasses import replace
from datetime import timedelta
from random import Random, SystemRandom

import pytest

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare import timeline
from labelhub.domain.welfare.facts import LabelerState
from labelhub.domain.welfare.gate import decide
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.record import from_record, to_record
from labelhub.domain.welfare.timeline import NEW, WorkState
from labelhub.domain.welfare.verdicts import Admission
from tests.domain.welfare.oracle import Item, Oracle
from tests.domain.welfare.world import SHIPPED, VECTORS, Desk, asked, at, labeler_at

ITEMS = int(os.environ.get("LABELHUB_ORACLE_ITEMS", "4000"))
SEED = int(os.environ.get("LABELHUB_ORACLE_SEED", str(SystemRandom().randrange(2**32))))
PER_STORY = 150

HOUR, DAY = 3_600.0, 86_400.0
GAPS = (
    [0.0] * 8
    + [5.0, 60.0, 240.0, 299.0, 299.5, 300.0, 301.0, 420.0, 599.0, 600.0, 601.0, 899.0, 900.0]
    + [899.5, 960.0, 1_799.0, 1_800.0, HOUR, 3 * HOUR]
)
LONG_GAPS = [
    11 * HOUR - 1, 11 * HOUR, 13 * HOUR, 14 * HOUR, 15 * HOUR, 20 * HOUR, 35 * HOUR,
    48 * HOUR, 60 * HOUR - 1, 60 * HOUR, 64 * HOUR, 15 * DAY,
]  # fmt: skip
EAGER_GAPS = [0.0] * 12 + [300.0, 599.5, 600.0, 600.0, 600.0, 900.0]
MIXES = [
    [0, 0, 0, 1, 1],
    [0, 0, 1, 2, 3, 4],
    [2, 3, 2, 3, 0, 0, 0],
    [1, 1, 1, 2],
    [4, 4, 3, 2, 1, 0, 0],
]


class Story:
    """One labeler, served at random; every question goes to the gate and to the oracle."""

    def __init__(self, policy: Policy, work: WorkState, oracle: Oracle, random: Random) -> None:
        self.desk = Desk(policy, work)
        self.oracle = oracle
        self.random = random
        self.now = 0.0
        self.refused = 0
        self.limits: set[str] = set()
        self.mix = random.choice(MIXES)
        self.eager = random.random() < 0.5  # works on and looks long, so that hours add up

    def step(self) -> None:
        """Wait, ask once or several times, and look at what was admitted."""
        self.now += self._gap()
        if self.random.random() < 0.1:
            self.mix = self.random.choice(MIXES)
        if self.random.random() < 0.05:
            self.oracle.continued.append(self.now)
        for _ in range(self.random.randrange(1, 4)):
            severity = Severity(self.random.choice(self.mix))
            granted = self._ask(severity)
            if granted:
                self._look(severity, granted)
                return
            self.now += self.random.choice([0.0, 0.5, 30.0, 150.0])

    def _gap(self) -> float:
        if self.random.random() < (0.02 if self.eager else 0.06):
            return self.random.choice(LONG_GAPS)
        return self.random.choice(EAGER_GAPS if self.eager else GAPS)

    def _ask(self, severity: Severity) -> int:
        words = self.random.choice([0, 50, 200, 201, 300, 500])
        decision = decide(self._labeler(), asked(severity, words=words), at(self.now))
        granted, limits = self.oracle.ask(severity, words, self.now)
        if isinstance(decision, Admission):
            assert (granted, set()) == (decision.granted // timedelta(seconds=1), limits)
            return granted
        assert {str(hold.limit) for hold in decision.holds} == limits
        self.refused += 1
        self.limits |= limits
        known = [hold.until for hold in decision.holds if hold.until is not None]
        if known and self.random.random() < 0.3:  # go to the edge of a hold
            lifts = (self.random.choice(known) - at(0)) / timedelta(seconds=1)
            self.now = max(self.now, lifts + self.random.choice([-0.5, 0.0, 0.5]))
        return 0

    def _labeler(self) -> LabelerState:
        """Return the labeler as a store would: the state went through its record."""
        now = at(self.now)
        continued = at(self.oracle.continued[-1]) if self.oracle.continued else None
        work = from_record(to_record(self.desk.work))
        state = labeler_at(now, self.desk.policy, work, self.desk.charges)
        given = at(self.oracle.consented)
        return replace(
            state,
            continued_at=continued,
            local_now=now if self.oracle.everything else at(0),
            consents=dict.fromkeys(state.consents, given),
        )

    def _look(self, severity: Severity, granted: int) -> None:
        looks = [granted] if self.eager else [5.0, 20.5, 60.0, 61.0, 90.0, 200.0, granted]
        wanted = self.random.choice([*looks, 300.0])
        ends = self.now + min(wanted, granted)
        desk = self.desk
        desk.work = timeline.served(
            desk.work, desk.policy, severity, timedelta(seconds=granted), at(self.now)
        )
        if wanted > granted:  # silence: the item is settled when the next turn is taken
            desk.settle(at(ends + self.random.choice([0.0, 7.0])))
        else:
            desk.work, charge = timeline.hidden(desk.work, desk.policy, at(ends))
            assert charge is not None
            desk.charges = (*desk.charges, charge)
        self.oracle.items.append(Item(int(severity), self.now, ends))
        assert desk.charges[-1].charge_ps == self.oracle.items[-1].charge
        self.now = ends + (7.0 if wanted > granted else 0.0)


def story(kind: str, random: Random) -> Story:
    midnight = -9 * HOUR  # stories begin at nine in the morning
    if kind == "vectors":
        return Story(VECTORS, NEW, Oracle(everything=False), random)
    if kind == "newcomer":
        return Story(SHIPPED, NEW, Oracle(everything=True, midnight=midnight), random)
    work = replace(
        NEW,
        first_at=at(-100 * DAY),
        last_hard_at=at(-70 * HOUR),
        hard_week_start=at(-80 * HOUR),
        ramp_days=30,
        ramp_day_start=at(-DAY),
    )
    oracle = Oracle(
        everything=True,
        midnight=midnight,
        days_before=30,
        first_before=-100 * DAY,
        hard_before=-70 * HOUR,
        day_before=-DAY,
    )
    return Story(SHIPPED, work, oracle, random)


@pytest.mark.parametrize("kind", ["vectors", "newcomer", "experienced"])
def test_the_gate_agrees_with_the_oracle(kind: str) -> None:
    random = Random(f"{kind} {SEED}")  # noqa: S311 a replayable story, not a secret
    print(f"LABELHUB_ORACLE_SEED={SEED}")  # noqa: T201 pytest shows it when the test fails
    served = refused = 0
    limits: set[str] = set()
    while served < ITEMS / 3:
        told = story(kind, random)
        while len(told.oracle.items) < PER_STORY:
            told.step()
        served += len(told.oracle.items)
        refused += told.refused
        limits |= told.limits

    assert refused > served / 20, "the stories must press against the limits"
    assert len(limits) >= 6, limits
