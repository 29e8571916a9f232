"""A record from elsewhere: it only ever lowers what remains, and a false one changes nothing."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from labelhub.domain.record.carried import CarriedError, Fault
from labelhub.domain.vocabulary import PersonId, Severity
from labelhub.domain.welfare.dose import Charge
from labelhub.domain.welfare.windows import (
    MONTH,
    WindowDose,
    WindowQuestion,
    windows_from_charges,
)
from labelhub.exports.sealed import public_key
from labelhub.services.showing import Shown
from labelhub.store import charges
from labelhub.store.database import Database
from tests.services.desk.room import Room, furnish
from tests.services.desk.watching import watching
from tests.services.my_record.records import (
    KEY,
    OTHER_KEY,
    a_key,
    carry,
    elsewhere,
    glance,
    read,
    signed,
    text,
    work,
    written,
)
from tests.worlds import HandClock

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TABLES = ("carried_record", "carried_charge", "event", "charge", "paid_time")


def _rows(room: Room) -> dict[str, int]:
    return {table: len(room.rows(table)) for table in TABLES}


def _remaining(room: Room) -> dict[tuple[str, timedelta], WindowDose]:
    return {(str(dose.measure), dose.window): dose for dose in glance(room).state.windows}


def test_what_was_done_elsewhere_counts_here_in_every_window(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=[0, 3], max_severity=3)
    room.consent(2, 3, 4)
    ages = ((10 * MINUTE, 4, 60, 3_600), (2 * HOUR, 3, 90, 1_800), (700 * HOUR, 4, 60, 3_600))
    outcome = carry(room, signed(elsewhere(room, *ages)), tmp_path)

    assert outcome.counted == 2  # no window reaches the third
    spent = {key: dose.spent for key, dose in _remaining(room).items()}
    assert spent == {
        ("points", HOUR): 3_600, ("points", 24 * HOUR): 5_400, ("points", 168 * HOUR): 5_400,
        ("points", 672 * HOUR): 5_400, ("work", 24 * HOUR): 150, ("work", 168 * HOUR): 150,
        ("severe", HOUR): 1, ("severe", 24 * HOUR): 1, ("severe", 168 * HOUR): 1,
    }  # fmt: skip


def test_a_limit_reached_elsewhere_refuses_here_until_it_passes(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=[1], max_severity=1)
    full = [(30 * MINUTE, 4, 60, 3_600)] * 4  # all of the hour's 240 points
    carry(room, signed(elsewhere(room, *full)), tmp_path)
    assert not isinstance(room.next(), Shown)
    clock.pass_(30 * MINUTE - timedelta(seconds=1))
    assert not isinstance(room.next(), Shown)
    clock.pass_(seconds=1)
    assert isinstance(room.next(), Shown)


@pytest.mark.parametrize("seed", range(6))
def test_bringing_a_record_never_raises_what_remains(
    database: Database, clock: HandClock, tmp_path: Path, seed: int
) -> None:
    """Whatever is brought, whenever, from however many places, and whatever the clocks do."""
    chance = random.Random(seed)  # noqa: S311 repeatable
    room = furnish(database, clock, items=[0, 1, 2, 3] * 6, max_severity=3)
    room.consent(2, 3)
    work(room, seed, steps=6)
    for _ in range(4):
        record = elsewhere(room, *(_anything(chance) for _ in range(chance.randrange(8))))
        clock.set_wall(seconds=chance.choice((0, -30, 3_600, 90_000)))
        before = _remaining(room)
        key = chance.choice((KEY, a_key(seed)))
        try:
            carry(room, signed(record, key), tmp_path)
        except CarriedError as error:
            assert error.fault in {Fault.IN_THE_FUTURE, Fault.TIME_UNVERIFIED}  # noqa: PT017
        after = _remaining(room)
        for which, dose in before.items():
            assert after[which].spent >= dose.spent
            for tier, back in dose.room_at.items():
                assert after[which].room_at[tier] >= back
        clock.pass_(seconds=chance.choice((0, 60, 86_400)))


def _anything(chance: random.Random) -> tuple[timedelta, int, int, int]:
    severity, seconds = chance.randrange(5), chance.choice((0, 5, 60, 120, 1_800))
    points = (0, 1, 6, 20, 60)[severity] * max(60, seconds)
    age = timedelta(seconds=chance.choice((0, 59, 3_600, 86_399, 86_400, 700_000, 2_419_200)))
    return age, severity, seconds, points


@pytest.mark.parametrize("seed", range(5))
def test_windows_with_carried_charges_equal_plain_summing(
    database: Database, clock: HandClock, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 repeatable
    room = furnish(database, clock, items=[0, 1, 2] * 5, max_severity=2)
    room.consent(2)
    work(room, seed, steps=8)
    carry(room, signed(elsewhere(room, *(_anything(chance) for _ in range(9)))), tmp_path)
    work(room, seed + 1, steps=4)
    now = glance(room).now
    rows = [*room.rows("charge"), *room.rows("carried_charge")]
    history = sorted(
        (Charge(r.hidden_at, r.severity, r.active_s, r.charge_ps) for r in rows),
        key=lambda charge: charge.hidden_at,
    )
    asked = _questions(room)
    with database.reading() as session:
        found = charges.answer(session, PersonId(room.who()), asked, now, with_carried=True)
    assert found == windows_from_charges(history, asked, now)


def _questions(room: Room) -> list[WindowQuestion]:
    """Ask of every window with tight and wide room, so that some tiers lack it."""
    return [
        WindowQuestion(
            dose.measure, dose.window,
            {tier: dose.spent * int(tier) // 5 for tier in Severity},
        )
        for dose in glance(room).state.windows
    ]  # fmt: skip


def test_the_same_record_twice_adds_nothing(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=[0])
    data = signed(elsewhere(room, (MINUTE, 2, 60, 360)))
    assert carry(room, data, tmp_path).counted == 1
    before = _rows(room)
    again = carry(room, data, tmp_path)
    assert (again.known, again.counted) == (True, 0)
    assert _rows(room) == before


def test_a_later_record_of_the_same_place_adds_what_came_since(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=[0])
    carry(room, signed(elsewhere(room, (HOUR, 2, 60, 360))), tmp_path)
    clock.pass_(hours=2)
    later = elsewhere(room, (3 * HOUR, 2, 60, 360), (HOUR, 1, 70, 70))
    assert carry(room, signed(later), tmp_path).counted == 1
    assert _remaining(room)["points", 24 * HOUR].spent == 430


def test_what_is_older_than_every_window_is_not_kept(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=[0])
    just, gone = MONTH - timedelta(microseconds=1), MONTH
    outcome = carry(room, signed(elsewhere(room, (just, 1, 60, 60), (gone, 1, 60, 60))), tmp_path)
    assert outcome.counted == 1
    assert len(room.rows("carried_charge")) == 1


def test_nothing_counts_as_later_than_now(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    """The issuer's clock may be up to a minute ahead of ours."""
    room = furnish(database, clock, items=[0])
    record = elsewhere(room, (timedelta(), 1, 60, 60))
    record["issued"]["wall_time"] = text(clock.now() + timedelta(seconds=59))
    carry(room, signed(record), tmp_path)
    (charge,) = room.rows("carried_charge")
    assert charge.hidden_at == glance(room).now


def test_an_issuer_that_could_not_vouch_for_its_clock_makes_nothing_older(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=[0])
    record = elsewhere(room, (MINUTE, 1, 60, 60))
    record["issued"] |= {
        "time_verified": False, "wall_time": text(clock.now() - timedelta(days=300)),
    }  # fmt: skip
    carry(room, signed(record), tmp_path)
    assert _remaining(room)["points", HOUR].spent == 60


def test_it_is_an_event_whose_kind_does_not_tell_of_other_work(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=[0])
    carry(room, signed(elsewhere(room, (MINUTE, 2, 60, 360))), tmp_path)
    assert room.events() == ["choice"]
    (payload,) = room.rows("event_payload")
    assert '"carried":' in payload.payload


def test_a_record_goes_from_place_to_place_and_counts_once(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    """What came from here is not counted a second time when it comes back."""
    room = furnish(database, clock, items=[0])
    carry(room, signed(elsewhere(room, (MINUTE, 2, 60, 360))), tmp_path)
    record = read(written(room, OTHER_KEY))
    assert [one["point_seconds"] for one in record["carried"]] == [360]
    record["carried"].append({**record["carried"][0], "issuer": _own_key(), "point_seconds": 720})
    other = signed({**record, "issued": {**record["issued"]}}, a_key(9))
    assert carry(room, other, tmp_path).counted == 1


def _own_key() -> str:
    return public_key(OTHER_KEY)


Change = Callable[[dict[str, Any]], None]


def _set(*path: str | int, to: object) -> Change:
    def change(record: dict[str, Any]) -> None:
        where: Any = record
        for step in path[:-1]:
            where = where[step]
        where[path[-1]] = to

    return change


FORGED: dict[str, tuple[Change, Fault]] = {
    "other person": (_set("person", "email", to="l1@example.org"), Fault.OTHER_PERSON),
    "no person": (_set("person", to={}), Fault.NOT_A_RECORD),
    "person a list": (_set("person", to=[]), Fault.NOT_A_RECORD),
    "email a number": (_set("person", "email", to=7), Fault.NOT_A_RECORD),
    "no times": (_set("issued", to=None), Fault.WRONG_TIME),
    "time no time": (_set("issued", "gate_time", to="yesterday"), Fault.WRONG_TIME),
    "time without zone": (_set("issued", "wall_time", to="2026-03-02T09:00:00"), Fault.WRONG_TIME),
    "time a number": (_set("issued", "wall_time", to=1_700_000_000), Fault.WRONG_TIME),
    "issued in the future": (
        _set("issued", "wall_time", to="2026-03-02T09:01:01+00:00"), Fault.IN_THE_FUTURE,
    ),
    "issued in ten years": (
        _set("issued", "wall_time", to="2036-03-02T09:00:00+00:00"), Fault.IN_THE_FUTURE,
    ),
    "hidden after the issue": (
        _set("exposures", 1, "hidden", to="2026-03-02T09:00:00+00:00"), Fault.IN_THE_FUTURE,
    ),
    "hidden before our time": (
        _set("exposures", 0, "hidden", to="0001-01-01T00:00:00+00:00"), Fault.WRONG_TIME,
    ),
    "hidden no time": (_set("exposures", 0, "hidden", to={}), Fault.WRONG_TIME),
    "severity five": (_set("exposures", 0, "severity", to=5), Fault.WRONG_NUMBER),
    "severity yes": (_set("exposures", 0, "severity", to=True), Fault.WRONG_NUMBER),
    "severity text": (_set("exposures", 0, "severity", to="2"), Fault.WRONG_NUMBER),
    "severity missing": (_set("exposures", 0, to={"hidden": "2025-03-02T08:00:00+00:00"}),
                         Fault.WRONG_NUMBER),
    "seconds negative": (_set("exposures", 0, "seconds", to=-1), Fault.WRONG_NUMBER),
    "seconds a fraction": (_set("exposures", 0, "seconds", to=59.5), Fault.WRONG_NUMBER),
    "seconds of a day": (_set("exposures", 0, "seconds", to=86_400), Fault.WRONG_NUMBER),
    "points negative": (_set("exposures", 0, "point_seconds", to=-360), Fault.WRONG_NUMBER),
    "points too few": (_set("exposures", 0, "point_seconds", to=359), Fault.WRONG_NUMBER),
    "points absurd": (_set("exposures", 0, "point_seconds", to=2**62), Fault.WRONG_NUMBER),
    "points beyond numbers": (
        _set("exposures", 0, "point_seconds", to=1.8e19), Fault.WRONG_NUMBER,
    ),
    "exposure a list": (_set("exposures", 1, to=[1, 2]), Fault.NOT_A_RECORD),
    "another schema": (_set("schema", to="labelhub-record-v2"), Fault.CHANGED),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_record_is_refused_with_its_place_and_nothing_is_kept(
    database: Database, clock: HandClock, tmp_path: Path, name: str
) -> None:
    room = furnish(database, clock, items=[0])
    change, fault = FORGED[name]
    record = elsewhere(room, (HOUR, 2, 60, 360), (MINUTE, 2, 60, 360))
    change(record)
    before = _rows(room)
    with pytest.raises(CarriedError) as refused:
        carry(room, signed(record), tmp_path)
    assert refused.value.fault is fault
    assert refused.value.place
    assert _rows(room) == before


def test_our_own_record_is_not_counted_twice(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=[0])
    with pytest.raises(CarriedError) as refused:
        carry(room, written(room, OTHER_KEY), tmp_path)
    assert refused.value.fault is Fault.OWN


def test_nothing_is_brought_while_the_clock_is_unconfirmed(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=[0])
    data = signed(elsewhere(room, (MINUTE, 2, 60, 360)))
    clock.follows_server = False
    clock.pass_(minutes=2)
    room.rest()  # somebody's turn stores that it no longer follows
    clock.boot, clock.seconds = "boot-2", 1.0
    clock.pass_(minutes=2)
    with pytest.raises(CarriedError) as refused:
        carry(room, data, tmp_path)
    assert refused.value.fault is Fault.TIME_UNVERIFIED


def test_too_many_exposures_are_refused(
    database: Database, clock: HandClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = furnish(database, clock, items=[0])
    monkeypatch.setattr("labelhub.layouts.own_record.MOST_EXPOSURES", 3)
    with pytest.raises(CarriedError) as refused:
        carry(room, signed(elsewhere(room, *[(MINUTE, 0, 1, 0)] * 4)), tmp_path)
    assert refused.value.fault is Fault.TOO_MANY
    assert room.rows("carried_record") == []


@pytest.mark.parametrize(
    "addition",
    [b"{}\n", b"\n", b'"person":{"email":"l1@example.org"}\n', b'"exposures":[\n{}\n]\n'],
)
def test_nothing_may_follow_the_signature(
    database: Database, clock: HandClock, tmp_path: Path, addition: bytes
) -> None:
    room = furnish(database, clock, items=[0])
    data = signed(elsewhere(room, (MINUTE, 2, 60, 360))) + addition
    with pytest.raises(CarriedError) as refused:
        carry(room, data, tmp_path)
    assert refused.value.fault is Fault.CHANGED


def test_another_key_cannot_stand_in_for_the_one_that_signed(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=[0])
    data = signed(elsewhere(room, (MINUTE, 2, 60, 360)))
    before, mark, signature = data.rpartition(b'"signature":')
    mine, others = (public_key(key).encode() for key in (KEY, OTHER_KEY))
    swapped = before + mark + signature.replace(mine, others)
    with pytest.raises(CarriedError) as refused:
        carry(room, swapped, tmp_path)
    assert refused.value.fault is Fault.CHANGED


def test_whoever_carried_nothing_pays_nothing(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=[0] * 9)
    counts = []
    for _ in range(3):
        room.accepted(room.shown())
        clock.pass_(seconds=20)
        with watching(database) as watch:
            room.shown()
        counts.append(len(watch.statements))
        assert not any("FROM carried_charge" in one.statement and "EXISTS" not in one.statement
                       for one in watch.statements)  # fmt: skip
    carry(room, signed(elsewhere(room, (MINUTE, 2, 60, 360))), tmp_path)
    room.next()
    with watching(database) as watch:
        room.next()
    assert len([one for one in watch.statements if "coalesce(sum(" in one.statement
                and "carried_charge" in one.statement]) == 1  # fmt: skip
