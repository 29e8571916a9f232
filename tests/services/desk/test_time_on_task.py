"""Time on task: what is paid is what a stopwatch beside the labeler shows, to the second."""

import random
from collections import Counter

import pytest

from labelhub.domain.vocabulary import InstrumentName, Severity
from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.outlook import Pause
from labelhub.services.showing import Offered, Refused, Shown
from labelhub.store import policies
from labelhub.store.database import Database
from tests.domain.welfare.world import layer
from tests.services.desk.room import FIRST, Room, furnish, harm
from tests.worlds import HandClock

STEPS = 60
FIVE, TEN, QUARTER, LONG = (60 * minutes for minutes in (5, 10, 15, 30))


def work_until_the_break(room: Room) -> Refused:
    """Rate mild items of 90 seconds until nothing is served any more."""
    for _ in range(60):
        served = room.next()
        if isinstance(served, Refused):
            return served
        assert isinstance(served, Shown)
        room.clock.pass_(seconds=90)
        room.accepted(served)
    raise AssertionError("no break came due")


def test_a_due_break_is_paid_whole_as_soon_as_it_is_due(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0] * 60)
    refused = work_until_the_break(room)
    assert refused.standstill.pause is Pause.BREAK
    assert room.paid()["due_break"] == 600


def test_asking_again_and_again_in_a_break_pays_it_once(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0] * 60)
    work_until_the_break(room)
    for _ in range(5):
        room.clock.pass_(seconds=100)
        assert isinstance(room.next(), Refused)
    room.clock.pass_(seconds=100)
    room.shown()
    paid = room.paid()
    assert (paid["due_break"], paid.get("waiting", 0)) == (600, 0)


def test_whoever_comes_back_late_from_a_break_has_waited_for_the_rest(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0] * 60)
    work_until_the_break(room)
    room.clock.pass_(seconds=900)
    room.shown()
    paid = room.paid()
    assert (paid["due_break"], paid["waiting"]) == (600, 300)


def test_a_break_that_was_due_at_the_end_of_the_day_is_in_the_ledger_without_coming_back(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0] * 60)
    work_until_the_break(room)
    clock.pass_(hours=14)
    assert room.paid()["due_break"] == 600
    room.shown()
    assert room.paid()["due_break"] == 600


def test_a_vendors_longer_break_is_paid_at_its_length(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0] * 60)
    longer = layer(work_break=20)
    room.run(lambda s: policies.commit(
        s, Layer.VENDOR, room.desk.vendor.hex, longer, now=clock.now(), effective_at=clock.now()
    ))  # fmt: skip
    work_until_the_break(room)
    assert room.paid()["due_break"] == 1_200


def test_a_break_of_ones_own_is_not_paid_a_second_time_as_waiting(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0] * 5)
    room.accepted(room.shown())
    room.rest()
    clock.pass_(seconds=600)
    room.back()
    clock.pass_(seconds=60)
    room.shown()
    paid = room.paid()
    assert (paid["break"], paid["waiting"]) == (600, 60)


def test_looking_at_an_offer_that_is_declined_is_paid_once(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[2, 2, 2], max_severity=2, veil_tier=2)
    room.consent(2)
    first = room.reveal(room.offered().assignment.id)
    assert isinstance(first, Shown)
    room.accepted(first)
    offered = room.offered()
    clock.pass_(seconds=120)
    room.decline(shown=offered)
    second = room.offered()
    clock.pass_(seconds=30)
    room.reveal(second.assignment.id)
    paid = room.paid()
    assert (paid["declined"], paid["waiting"]) == (120, 30)


def test_writing_the_answer_after_the_text_was_hidden_is_paid(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0] * 5)
    shown = room.shown()
    clock.pass_(seconds=shown.left.total_seconds() + 120)
    room.draft(shown, FIRST)
    clock.pass_(seconds=45)
    room.accepted(shown)
    paid = room.paid()
    assert paid["answering"] == 165
    assert paid["work"] == shown.left.total_seconds()


class Stopwatch:
    """A person beside the labeler who notes what passes, in seconds, from the standard's text."""

    def __init__(self, room: Room, seed: int) -> None:
        self.room, self.chance = room, random.Random(seed)  # noqa: S311 a seeded walk
        self.spent: Counter[str] = Counter()
        self.gap = self.continuous = self.long = self.hard = 0
        self.first_part = False  # of a split break from hard content

    def step(self) -> None:
        served = self.room.next()
        if isinstance(served, Offered):
            self.wait(self.chance.randrange(5, 90))
            served = self.room.reveal(served.assignment.id)
        if isinstance(served, Shown):
            self._rate(served)
        else:
            self.room.go_on_with_hard()
            self.wait(self.chance.randrange(30, 700))

    def wait(self, seconds: int) -> None:
        self.room.clock.pass_(seconds=seconds)
        self.gap += seconds

    def _rate(self, shown: Shown) -> None:
        self._end_gap()
        granted = int(shown.left.total_seconds())
        taken = self.chance.randrange(20, granted + 200)
        self.room.clock.pass_(seconds=taken)
        fields = harm(*[int(shown.assignment.severity)] * len(shown.text.completions))
        self.room.accepted(shown, fields)
        active = min(taken, granted)
        self.spent["work"] += active
        self.spent["answering"] += taken - active
        self.continuous += active
        self.long += active
        self.hard += active if shown.assignment.severity >= Severity.S2 else 0
        self._written(taken - active)
        if self.chance.random() < 0.15:
            self.wait(self.chance.choice([60, 350, 1_000, 40_000]))

    def _written(self, seconds: int) -> None:
        """Writing on without the text is no rest: at most 200 seconds here, less than any break."""
        assert seconds < FIVE

    def _end_gap(self) -> None:
        gap, self.gap = self.gap, 0
        whole = LONG if 4 * 3600 - self.long < 60 else TEN if 50 * 60 - self.continuous < 60 else 0
        needed = TEN if self.first_part else QUARTER
        protection = needed if 20 * 60 - self.hard < 60 else 0
        taken = max(0, min(gap, protection) - whole)
        left = gap - whole - taken
        self.spent["whole"] += whole
        self.spent["hard_break"] += taken
        self.spent["waiting"] += min(left, QUARTER) if 0 < left < LONG else 0
        self._rest(gap, needed)

    def _rest(self, gap: int, needed: int) -> None:
        if gap >= needed:
            self.hard, self.first_part = 0, False
        elif gap >= FIVE:
            self.first_part = True
        self.continuous = 0 if gap >= TEN else self.continuous
        self.long = 0 if gap >= LONG else self.long


@pytest.mark.parametrize("seed", range(6))
def test_every_second_of_random_days_is_accounted_for(
    database: Database, clock: HandClock, seed: int
) -> None:
    room = furnish(
        database, clock, items=[0, 1, 2, 0, 3, 2, 1, 0] * 12, overlap=1, max_severity=3,
        veil_tier=3, instrument=InstrumentName.HARM, labelers=1,
    )  # fmt: skip
    room.consent(2, 3)
    watch = Stopwatch(room, seed)
    for _ in range(STEPS):
        watch.step()
    watch.room.clock.pass_(hours=60)  # over every rest, so that the last gap ends too
    watch.gap += 60 * 3600
    watch.step()
    paid = Counter(room.paid())
    paid["whole"] = paid["due_break"] + paid["long_break"]
    found = {kind: abs(paid[kind] - spent) for kind, spent in watch.spent.items()}
    assert max(found.values()) <= 1, (paid, watch.spent)
    assert all(watch.spent[kind] for kind in ("work", "waiting"))
