"""Statements made ready once: values in their places, times and identifiers as they were."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
import sqlalchemy as sa

from labelhub.store.database import Database
from labelhub.store.prepared import Prepared
from labelhub.tables import metadata
from labelhub.tables.columns import UtcDateTime
from tests.worlds import START, Desk, HandClock, lay_desk

REST = metadata.tables["rest_break"]
PERSON = metadata.tables["person"]
MOMENTS = [
    START,
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 7, 1, 8, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
]


@pytest.fixture
def desk(database: Database, clock: HandClock) -> Desk:
    return lay_desk(database, clock, labelers=1)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_time_and_an_identifier_come_back_as_they_went(
    database: Database, desk: Desk, moment: datetime
) -> None:
    values = {"id": uuid4(), "person_id": desk.labelers[0], "kind": "own", "started_at": moment}
    put = Prepared(sa.insert(REST), tuple(values))
    get = Prepared(sa.select(REST.c.id, REST.c.started_at).where(REST.c.id == sa.bindparam("one")))

    with database.writing() as session:
        put.run(session, values)
        row = get.one(session, {"one": values["id"]})
        plain = session.connection().execute(sa.select(REST.c.id, REST.c.started_at)).one()

    assert (row.id, row.started_at) == (values["id"], moment)
    assert row.started_at.utcoffset() == timedelta()
    assert tuple(plain) == (row.id, row.started_at)


def test_sqlite_keeps_the_text_of_sqlalchemys_own_type(sqlite_database: Database) -> None:
    dialect = sqlite_database.engine.dialect
    ours = UtcDateTime().bind_processor(dialect)
    theirs = sa.DateTime().dialect_impl(dialect).bind_processor(dialect)
    assert theirs is not None

    for moment in MOMENTS:
        assert ours(moment) == theirs(moment.astimezone(UTC).replace(tzinfo=None))


def test_a_time_without_a_zone_is_refused(database: Database, desk: Desk) -> None:
    finish = Prepared(sa.update(REST).values(ended_at=sa.bindparam("at")))
    with (
        database.writing() as session,
        pytest.raises((ValueError, sa.exc.StatementError), match="without a zone"),
    ):
        finish.run(session, {"at": datetime(2026, 1, 1)})  # noqa: DTZ001 that is the point


def test_each_value_goes_to_its_place_however_often_it_is_named(
    database: Database, desk: Desk
) -> None:
    words = {"first": "one % of 100", "second": "%s ? :x", "none": None}
    place = sa.bindparam
    asked = Prepared(
        sa.select(
            place("second", type_=sa.Text).label("b"),
            place("first", type_=sa.Text).label("a"),
            sa.literal_column("'%'").label("sign"),
            sa.literal("fixed").label("fixed"),
            place("second", type_=sa.Text).label("again"),
            place("none", type_=sa.Text).label("empty"),
        ).where(PERSON.c.id == sa.bindparam("person"))
    )
    with database.reading() as session:
        row = asked.one(session, {**words, "person": desk.labelers[0]})

    assert tuple(row) == ("%s ? :x", "one % of 100", "%", "fixed", "%s ? :x", None)


def test_a_statement_without_values_is_asked_as_it_is(database: Database, desk: Desk) -> None:
    with database.reading() as session:
        assert len(Prepared(sa.select(PERSON.c.id)).all(session, {})) == len(desk.labelers)


def test_sqlalchemys_books_are_opened_only_where_they_are_needed(
    database: Database, desk: Desk
) -> None:
    person = sa.select(PERSON.c.name).where(PERSON.c.id == sa.bindparam("person"))
    with database.writing() as session:
        Prepared(person).one(session, {"person": desk.labelers[0]})
        assert not session._opened  # type: ignore[attr-defined]
        session.execute(person, {"person": desk.labelers[0]}).one()
        assert session._opened  # type: ignore[attr-defined]
        with pytest.raises(AttributeError):
            _ = session.no_such_thing  # type: ignore[attr-defined]
