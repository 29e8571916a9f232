"""Random walks of several labelers over one desk: invariants hold after every one (D-3, M5, M8).

`LABELHUB_TEST_SEED` in a failing run's message replays it: the seed is the test's own number.
"""

import random
from datetime import timedelta

import pytest

from labelhub.domain.vocabulary import InstrumentName, OptOutScope
from labelhub.services import leases, rating
from labelhub.services.showing import Offered, Shown
from labelhub.store.database import Database
from tests import canary
from tests.races import invariants
from tests.services.desk.room import FIRST, Room, furnish, harm
from tests.worlds import HandClock

STEPS = 70
PACES = (0, 1, 20, 90, 400, 1_000, 4_000, 40_000)


class Walk:
    """One walk: acts by chance, and a journal of every byte that went out."""

    def __init__(self, room: Room, seed: int) -> None:
        self.room = room
        self.chance = random.Random(seed)  # noqa: S311 a test's dice
        self.journal: list[canary.Sent] = []
        self.known: dict[int, list[Shown | Offered]] = {0: [], 1: [], 2: []}

    def step(self) -> None:
        place = self.chance.randrange(3)
        act = self.chance.choices(
            [self.go_on, self.answer, self.draft, self.undo, self.decline, self.rest, self.stop,
             self.expire, self.disturb_clock],
            weights=[10, 9, 3, 2, 2, 2, 0.2, 1, 1],
        )[0]  # fmt: skip
        act(place)
        self.room.clock.pass_(seconds=self.chance.choice(PACES) * self.chance.random())

    def go_on(self, place: int) -> None:
        if self.chance.random() < 0.7:
            self.room.back(place)
        self._sent(place, self.room.next(place))
        if self.known[place] and isinstance(self.known[place][-1], Offered):
            offered = self.known[place][-1]
            self._sent(place, self.room.reveal(offered.assignment.id, place))

    def answer(self, place: int) -> None:
        if not self.known[place]:
            return
        newest = self.chance.random() < 0.8
        shown = self.known[place][-1] if newest else self.chance.choice(self.known[place])
        if shown.assignment.instrument is InstrumentName.HARM:
            fields = harm(self.chance.randrange(4), self.chance.randrange(4))
        else:
            fields = FIRST
        outcome = self.room.answer(shown, fields, place=place)
        assert not isinstance(outcome, rating.InvalidAnswer)

    def draft(self, place: int) -> None:
        if self.known[place]:
            shown = self.known[place][-1]
            assert isinstance(shown, Shown | Offered)
            self.room.draft(shown, FIRST, place)  # type: ignore[arg-type]

    def undo(self, place: int) -> None:
        self._sent(place, self.room.undo(place))

    def decline(self, place: int) -> None:
        scope = self.chance.choice([OptOutScope.ITEM] * 4 + [OptOutScope.TODAY])
        meant = self.chance.choice(self.known[place]) if self.known[place] else None
        self.room.decline(scope, shown=meant, place=place)

    def rest(self, place: int) -> None:
        self.room.rest(place=place)

    def stop(self, place: int) -> None:
        if self.known[place]:
            self.room.stop(self.known[place][-1], place)

    def expire(self, _place: int) -> None:
        self.room.run(lambda s: leases.expire(s, self.room.clock))

    def disturb_clock(self, _place: int) -> None:
        self.room.clock.set_wall(
            seconds=self.chance.choice([-1, 1]) * 10 ** self.chance.randrange(8)
        )

    def _sent(self, place: int, served: object) -> None:
        if not isinstance(served, Shown | Offered):
            return
        self.known[place].append(served)
        text = repr(served.text) if isinstance(served, Shown) else repr(served)
        at = served.locked.now + timedelta(microseconds=0)
        self.journal.append(canary.Sent(self.room.who(place), at, text.encode()))


@pytest.mark.parametrize("seed", range(8))
def test_invariants_hold_after_a_walk(database: Database, clock: HandClock, seed: int) -> None:
    instrument = InstrumentName.HARM if seed % 2 else InstrumentName.PREFERENCE
    room = furnish(
        database, clock, labelers=3, items=[0, 1, 2, 1, 0, 2, 3, 1] * 2, overlap=2,
        max_severity=3, veil_tier=2 if seed % 3 else 5, instrument=instrument,
    )  # fmt: skip
    for place in range(3):
        room.consent(2, 3, place=place)
    walk = Walk(room, seed)
    for _ in range(STEPS):
        walk.step()
    with database.reading() as session:
        connection = session.connection()
        assert invariants.broken(connection) == []
        assert canary.scan(walk.journal, canary.read_story(connection)) == []
    assert any(canary.MARK.search(sent.body) for sent in walk.journal)
