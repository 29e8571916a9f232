"""Two labelers who find the same raise what everyone was charged for the item (W-9)."""

import json
import threading
from datetime import timedelta

import pytest

from labelhub.domain.vocabulary import InstrumentName
from labelhub.store.database import Database
from tests.services.desk.room import Room, furnish, harm
from tests.services.desk.watching import watching
from tests.worlds import HandClock


def four(database: Database, clock: HandClock, *, items: int = 1, screened: int = 1) -> Room:
    return furnish(
        database, clock, labelers=4, items=[screened] * items, overlap=4, max_severity=4,
        instrument=InstrumentName.HARM,
    )  # fmt: skip


def charged(room: Room, place: int) -> list[tuple[int, int]]:
    rows = room.rows("charge", person_id=room.who(place))
    return [(row.severity, row.charge_ps) for row in sorted(rows, key=lambda row: row.seq)]


def corrections(room: Room, place: int) -> list[dict[str, object]]:
    chains = room.rows("chain", person_id=room.who(place))
    return [
        json.loads(room.rows("event_payload", chain_id=event.chain_id, seq=event.seq)[0].payload)
        for chain in chains
        for event in room.rows("event", chain_id=chain.id)
        if event.kind == "exposure_corrected"
    ]


def test_a_second_labelers_agreement_raises_what_others_were_charged(
    database: Database, clock: HandClock
) -> None:
    room = four(database, clock)
    first, second, third = room.shown(0), room.shown(1), room.shown(2)
    clock.pass_(seconds=90)
    room.accepted(third, harm(0, 0), place=2)
    room.accepted(first, harm(1, 3), place=0)
    assert charged(room, 2) == [(1, 90)]  # one finding alone changes nobody else's
    room.accepted(second, harm(3, 0), place=1)
    assert charged(room, 0) == charged(room, 1) == charged(room, 2) == [(3, 20 * 90)]
    (told,) = corrections(room, 2)
    assert told == {"exposure": third.exposure_id.hex, "severity": 3}
    assert corrections(room, 0) == corrections(room, 1) == []
    (joining,) = room.rows("joining", person_id=room.who(2))
    assert joining.hard_ps == 20 * 90


def test_running_sums_and_the_work_so_far_follow_the_correction(
    database: Database, clock: HandClock
) -> None:
    room = four(database, clock)
    shown = [room.shown(place) for place in range(3)]
    clock.pass_(seconds=60)
    room.accepted(shown[2], harm(0, 0), place=2)
    room.accepted(shown[0], harm(4, 4), place=0)
    room.accepted(shown[1], harm(4, 4), place=1)
    (charge,) = room.rows("charge", person_id=room.who(2))
    assert (charge.cumulative_ps, charge.cumulative_s4) == (60 * 60, 1)
    state = json.loads(room.rows("person_gate", person_id=room.who(2))[0].state)
    assert state["recent"] == [4]
    assert state["last_severe_at"] is not None


def test_both_findings_count_only_as_far_as_they_agree(
    database: Database, clock: HandClock
) -> None:
    room = four(database, clock)
    shown = [room.shown(place) for place in range(3)]
    clock.pass_(seconds=60)
    room.accepted(shown[2], harm(0, 0), place=2)
    room.accepted(shown[0], harm(4, 0), place=0)
    room.accepted(shown[1], harm(2, 0), place=1)
    assert [charged(room, place)[0][0] for place in range(3)] == [4, 2, 2]


def test_one_who_was_shown_it_at_the_raised_tier_agrees_all_the_same(
    database: Database, clock: HandClock
) -> None:
    room = four(database, clock)
    room.consent(2, place=1)
    early, first = room.shown(3), room.shown(0)
    clock.pass_(seconds=60)
    room.accepted(early, harm(0, 0), place=3)
    room.accepted(first, harm(2, 0), place=0)
    late = room.shown(1)
    assert late.assignment.severity == 2
    clock.pass_(seconds=60)
    room.accepted(late, harm(2, 0), place=1)
    assert charged(room, 3) == [(2, 6 * 60)]


def test_an_item_still_on_screen_is_charged_as_it_was_found(
    database: Database, clock: HandClock
) -> None:
    room = four(database, clock)
    first, second, _reading = room.shown(0), room.shown(1), room.shown(2)
    clock.pass_(seconds=60)
    room.accepted(first, harm(3, 0), place=0)
    room.accepted(second, harm(3, 0), place=1)
    clock.pass_(seconds=30)
    room.rest(place=2)
    assert charged(room, 2) == [(3, 20 * 90)]
    assert len(corrections(room, 2)) == 1


def test_a_lower_agreement_lowers_nothing(database: Database, clock: HandClock) -> None:
    room = four(database, clock)
    shown = [room.shown(place) for place in range(4)]
    clock.pass_(seconds=60)
    room.accepted(shown[3], harm(4, 0), place=3)
    for place in range(3):
        room.accepted(shown[place], harm(2, 0), place=place)
    assert charged(room, 3) == [(4, 60 * 60)]
    assert [charged(room, place)[0][0] for place in range(3)] == [2, 2, 2]


def test_an_undone_finding_agrees_with_nobody(database: Database, clock: HandClock) -> None:
    room = four(database, clock)
    shown = [room.shown(place) for place in range(3)]
    clock.pass_(seconds=60)
    room.accepted(shown[2], harm(0, 0), place=2)
    room.accepted(shown[0], harm(2, 0), place=0)
    room.consent(2, place=0)
    room.undo(place=0)
    assert room.rows("rating", status="withdrawn")
    room.accepted(shown[1], harm(2, 0), place=1)
    assert charged(room, 2) == [(1, 60)]


def test_what_no_window_holds_any_more_stays_as_it_was(
    database: Database, clock: HandClock
) -> None:
    room = four(database, clock)
    old = room.shown(2)
    clock.pass_(seconds=60)
    room.accepted(old, harm(0, 0), place=2)
    clock.pass_(timedelta(hours=672) + timedelta(seconds=1))
    shown = [room.shown(place) for place in range(2)]
    clock.pass_(seconds=60)
    for place in range(2):
        room.accepted(shown[place], harm(3, 0), place=place)
    assert charged(room, 2) == [(1, 60)]


def test_an_ordinary_finding_asks_nothing_more(database: Database, clock: HandClock) -> None:
    room = four(database, clock, items=2)
    room.accepted(room.shown(0), harm(1, 1), place=0)
    shown = room.shown(1)
    clock.pass_(seconds=60)
    with watching(room.database) as asked:
        room.accepted(shown, harm(1, 0), place=1)
    said = " ".join(one.statement for one in asked.statements).lower()
    assert "pg_advisory" not in said
    assert "rating.harm" not in said


@pytest.mark.parametrize("_attempt", range(3))
def test_many_who_find_the_same_at_once_agree_and_nobody_is_left_waiting(
    database: Database, clock: HandClock, _attempt: int
) -> None:
    room = four(database, clock)
    shown = [room.shown(place) for place in range(4)]
    clock.pass_(seconds=60)
    together = threading.Barrier(4)
    failed: list[BaseException] = []

    def rate(place: int) -> None:
        try:
            together.wait(10)
            room.accepted(shown[place], harm(2, 0), place=place)
        except BaseException as error:  # noqa: BLE001 the test's thread reports it
            failed.append(error)

    threads = [threading.Thread(target=rate, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert [charged(room, place) for place in range(4)] == [[(2, 6 * 60)]] * 4
    assert len(room.rows("rating", status="accepted")) == 4


def test_two_who_agree_at_once_raise_a_third_between_them(
    database: Database, clock: HandClock
) -> None:
    """Neither sees the other's answer before it is committed; one of them must wait."""
    room = four(database, clock)
    shown = [room.shown(place) for place in range(3)]
    clock.pass_(seconds=60)
    room.accepted(shown[2], harm(0, 0), place=2)
    together = threading.Barrier(2)

    def rate(place: int) -> None:
        together.wait(10)
        room.accepted(shown[place], harm(3, 0), place=place)

    threads = [threading.Thread(target=rate, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert charged(room, 2) == [(3, 20 * 60)]


@pytest.mark.parametrize("place", [0, 1])
def test_the_finders_own_charge_is_raised_once(
    database: Database, clock: HandClock, place: int
) -> None:
    room = four(database, clock)
    shown = [room.shown(one) for one in range(2)]
    clock.pass_(seconds=60)
    for one in range(2):
        room.accepted(shown[one], harm(3, 0), place=one)
    (joining,) = room.rows("joining", person_id=room.who(place))
    assert joining.hard_ps == 20 * 60
