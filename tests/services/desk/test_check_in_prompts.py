"""Asking how a labeler is: after an answer, by dose alone, whether they answer or not (L-22)."""

from uuid import uuid4

import pytest

from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.policy import Policy
from labelhub.services import desk as desks
from labelhub.services.desk import Desk
from labelhub.services.showing import Shown
from labelhub.store import policies
from labelhub.store.database import Database
from tests.services.desk.room import FIRST, Room, furnish
from tests.services.desk.test_declaring import _half_a_day as half_a_day
from tests.services.desk.watching import watching
from tests.worlds import HandClock

HALF = 20  # minutes of S2: 120 of 240 points (L-02), and the work before a break of L-11


@pytest.fixture
def room(database: Database, clock: HandClock) -> Room:
    made = furnish(database, clock, items=[2] * 12 + [0] * 40, max_severity=2)
    made.consent(2)
    return made


def after(room: Room, shown: Shown, key: str = "", *, repeated: bool = False) -> Desk:
    """Answer, and return the desk as the same request shows it."""
    accepted = None if repeated else room.accepted(shown, FIRST)
    return room.run(
        lambda s: desks.next_after(
            s, room.who(), room.desk.slug, room.clock, key=key or uuid4().hex, repeated=repeated,
            accepted=accepted,
        )
    )  # fmt: skip


def hard(room: Room) -> Shown:
    """Return the next hard item; mild ones before it, that the run and the mix want, are rated."""
    while (served := room.shown()).assignment.severity == 0:
        room.accepted(served)
    return served


def work(room: Room, minutes: float) -> Desk:
    """Read a hard item for so long, answer it, and return the desk."""
    served = hard(room)
    room.clock.pass_(minutes=minutes)
    return after(room, served)


def prompted(room: Room) -> list[object]:
    return [row.prompted_at for row in room.rows("check_in_prompt")]


def test_nobody_is_asked_before_half_of_a_dose(room: Room) -> None:
    for _ in range(4):
        assert not work(room, HALF / 5).check_in
    assert prompted(room) == []


def test_reaching_half_of_the_hours_dose_asks_once_and_keeps_when(room: Room) -> None:
    seen = [work(room, HALF / 5).check_in for _ in range(5)]

    assert seen == [False, False, False, False, True]
    (at,) = prompted(room)
    room.clock.pass_(minutes=16)  # the break of L-11
    assert not work(room, 1).check_in
    assert prompted(room) == [at]


def test_while_a_long_window_stays_half_full_hard_work_asks_hourly(room: Room) -> None:
    half_a_day(room)
    room.go_on_with_hard()

    assert work(room, 1).check_in
    (first,) = prompted(room)
    room.clock.pass_(minutes=57)
    assert [work(room, 1).check_in for _ in range(3)] == [False, False, True]
    (second,) = prompted(room)
    assert second == room.clock.now()
    assert first != second


def test_the_most_severe_content_asks_after_its_answer(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0] * 20 + [4], max_severity=4)
    room.consent(2, 3, 4)
    asked = []
    for _ in range(16):  # the most severe content is not shown in the first ten minutes
        served = room.shown()
        room.clock.pass_(minutes=1)
        asked.append((int(served.assignment.severity), after(room, served).check_in))
    assert (4, True) in asked
    assert all(due == (severity == 4) for severity, due in asked)


def test_who_is_not_asked_costs_no_statement(room: Room) -> None:
    work(room, 1)
    served = room.shown()
    room.clock.pass_(minutes=1)
    with watching(room.database) as watch:
        after(room, served)

    assert not any("check_in" in asked.statement for asked in watch.statements)


def test_a_retry_asks_nothing(room: Room) -> None:
    for _ in range(4):
        work(room, HALF / 5)
    served = hard(room)
    room.clock.pass_(minutes=HALF / 5)
    assert after(room, served, "key").check_in
    assert not after(room, served, "key", repeated=True).check_in


def test_looking_going_on_and_resting_ask_nothing(room: Room) -> None:
    for _ in range(4):
        work(room, HALF / 5)
    served = hard(room)
    room.clock.pass_(minutes=HALF / 5)
    room.accepted(served)

    for act in (desks.look, desks.go_on, desks.serve):
        with room.database.writing() as session:
            assert not act(session, room.who(), room.desk.slug, room.clock).check_in
    assert prompted(room) == []


def test_the_prompt_is_kept_under_the_turn_and_writes_no_event(room: Room) -> None:
    for _ in range(4):
        work(room, HALF / 5)
    served = hard(room)
    room.clock.pass_(minutes=HALF / 5)
    room.accepted(served)
    before = len(room.events())
    with watching(room.database) as watch:
        seen = room.run(
            lambda s: desks.next_after(
                s, room.who(), room.desk.slug, room.clock, key="k", repeated=False, accepted=None
            )
        )
    assert seen.check_in
    statements = [asked.statement for asked in watch.transactions[-1]]
    kept = next(n for n, one in enumerate(statements) if "INTO check_in_prompt" in one)
    turn = next(n for n, one in enumerate(statements) if one.startswith("UPDATE person_gate"))
    assert turn < kept
    assert len(room.events()) - before == isinstance(seen.outcome, Shown)


def test_a_labelers_own_tighter_limit_asks_sooner(room: Room) -> None:
    limits = {"dose_hour": {"value": 120, "unit": "points", "limit": "L-02"}}
    mapping = {"schema": "labelhub-policy-v1", "limits": limits}
    tight, now = Policy.from_mapping(mapping, partial=True), room.clock.now()
    room.run(
        lambda s: policies.commit(
            s, Layer.LABELER, room.who().hex, tight, now=now, effective_at=now
        )
    )
    assert [work(room, 5).check_in for _ in range(2)] == [False, True]
