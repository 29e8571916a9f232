"""Changes that nobody asks about wait, and go to PostgreSQL in one statement."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId
from labelhub.store.database import Database
from labelhub.store.prepared import Prepared, inserting
from labelhub.store.together import Change, Together
from labelhub.tables import metadata
from tests.worlds import Desk, HandClock, lay_desk

GATE = metadata.tables["person_gate"]
REQUEST = metadata.tables["replayed_request"]
_ME = GATE.c.person_id == sa.bindparam("person")
ADVANCE = Prepared(sa.update(GATE).where(_ME).values(turn=GATE.c.turn + 1))
TURN = Prepared(sa.select(GATE.c.turn).where(_ME))
note = inserting(REQUEST)


@pytest.fixture
def desk(database: Database, clock: HandClock) -> Desk:
    return lay_desk(database, clock, labelers=1)


def _request(person: PersonId, clock: HandClock, key: str = "k") -> dict[str, object]:
    return {
        "person_id": person, "key": key, "stage": "answer", "request_hash": "", "outcome": "",
        "recorded_at": clock.now(),
    }  # fmt: skip


def _turn_by(reader: str, session: Session, person: PersonId) -> int:
    plain = sa.select(GATE.c.turn).where(GATE.c.person_id == person)
    match reader:
        case "prepared":
            return int(TURN.one(session, {"person": person}).turn)
        case "connection":
            return int(session.connection().execute(plain).scalar_one())
        case "execute":
            return int(session.execute(plain).scalar_one())
    return int(session.exec(plain).one()[0])  # type: ignore[call-overload]


@pytest.mark.parametrize("reader", ["prepared", "connection", "execute", "exec"])
def test_whoever_reads_a_table_finds_what_was_changed_before(
    database: Database, desk: Desk, reader: str
) -> None:
    person = desk.labelers[0]
    with database.writing() as session:
        before = _turn_by("prepared", session, person)
        ADVANCE.later(session, {"person": person})
        assert _turn_by(reader, session, person) == before + 1


def test_what_waits_is_there_after_the_commit(
    database: Database, desk: Desk, clock: HandClock
) -> None:
    person = desk.labelers[0]
    with database.writing() as session:
        before = _turn_by("prepared", session, person)
        for _ in range(3):  # the same row: each must find the one before it
            ADVANCE.later(session, {"person": person})
        note(session, _request(person, clock))
    with database.reading() as session:
        assert _turn_by("prepared", session, person) == before + 3
        assert len(session.connection().execute(sa.select(REQUEST)).all()) == 1


def test_one_change_that_fails_leaves_nothing_of_the_others(
    database: Database, desk: Desk, clock: HandClock
) -> None:
    person = desk.labelers[0]
    with database.writing() as session:
        note(session, _request(person, clock))
        before = _turn_by("prepared", session, person)
    with pytest.raises(IntegrityError), database.writing() as session:  # noqa: PT012 at the commit
        ADVANCE.later(session, {"person": person})
        note(session, _request(person, clock))
    with database.reading() as session:
        assert _turn_by("prepared", session, person) == before


def test_changes_of_different_tables_make_one_trip_each_with_its_own_values() -> None:
    sent: list[tuple[str, tuple[object, ...]]] = []
    together = Together(lambda text, values: sent.append((text, tuple(values))))
    together.add(Change("UPDATE a SET x = %s, y = %s", frozenset({"a"})), (1, 2))
    together.add(Change("INSERT INTO b VALUES (%s)", frozenset({"b"})), (3,))
    together.settle(frozenset({"c"}))
    assert sent == []
    together.settle(frozenset({"b", "c"}))
    assert sent == [
        ("WITH change_0 AS (UPDATE a SET x = %s, y = %s) INSERT INTO b VALUES (%s)", (1, 2, 3))
    ]


def test_a_second_change_of_a_table_sends_the_first() -> None:
    sent: list[str] = []
    together = Together(lambda text, _values: sent.append(text))
    together.add(Change("UPDATE a SET x = 1", frozenset({"a"})), ())
    together.add(Change("UPDATE a SET x = 2", frozenset({"a"})), ())
    assert sent == ["UPDATE a SET x = 1"]
    together.settle()
    together.settle()
    assert sent == ["UPDATE a SET x = 1", "UPDATE a SET x = 2"]
