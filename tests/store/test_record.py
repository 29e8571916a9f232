"""The record: dense salted chains that bind what happened, one a person and organisation (R5)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from labelhub.domain.vocabulary import OrganisationId
from labelhub.store import record, turns
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.races import invariants
from tests.worlds import Desk, HandClock, lay_desk


@pytest.fixture
def desk(database: Database, clock: HandClock) -> Desk:
    return lay_desk(database, clock, labelers=2)


def _append(database: Database, desk: Desk, clock: HandClock, place: int | None, kind: str) -> None:
    person = None if place is None else desk.labelers[place]
    with database.writing() as session:
        if person is not None:
            turns.take(session, person)
        now = clock.now()
        record.append(
            session, OrganisationId(desk.vendor), person, kind, {"n": 1, "é": "ü"}, now, now
        )


def _chain_faults(database: Database) -> list[str]:
    with database.reading() as session:
        return invariants._chains(session.connection())


def _tables(database: Database) -> list[list[tuple[object, ...]]]:
    with database.reading() as session:
        return [
            [tuple(row) for row in session.connection().execute(sa.select(metadata.tables[name]))]
            for name in ("chain", "event", "event_payload")
        ]


def test_chains_are_dense_and_verify(database: Database, desk: Desk, clock: HandClock) -> None:
    for number in range(5):
        for place in (0, 1, None):
            clock.pass_(seconds=1.000001)
            _append(database, desk, clock, place, f"kind-{number}")
    assert _chain_faults(database) == []
    chains, events, payloads = _tables(database)
    assert (len(chains), len(events), len(payloads)) == (3, 15, 15)


def test_no_two_commitments_are_alike(database: Database, desk: Desk, clock: HandClock) -> None:
    for _ in range(3):
        _append(database, desk, clock, 0, "opt_out")
    with database.reading() as session:
        found = session.connection().execute(sa.select(metadata.tables["event"].c.commitment))
        commitments = found.scalars().all()
    assert len(set(commitments)) == 3


def test_nothing_stays_of_a_transaction_that_failed(
    database: Database, desk: Desk, clock: HandClock
) -> None:
    _append(database, desk, clock, 0, "opt_out")
    before = _tables(database)
    with pytest.raises(ZeroDivisionError), database.writing() as session:  # noqa: PT012 one act
        now = clock.now()
        record.append(session, OrganisationId(desk.vendor), desk.labelers[0], "break", {}, now, now)
        raise ZeroDivisionError
    assert _tables(database) == before


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE event SET kind = 'nothing' WHERE seq = 2",
        "UPDATE event SET gate_time = (SELECT max(gate_time) FROM event) WHERE seq = 1",
        "UPDATE event_payload SET payload = '{}' WHERE seq = 2",
        "UPDATE event_payload SET salt = '00' WHERE seq = 2",
        "DELETE FROM event_payload WHERE seq = 3",
        "UPDATE chain SET seq = 2",
    ],
)
def test_any_edit_shows(database: Database, desk: Desk, clock: HandClock, tampering: str) -> None:
    for _ in range(3):
        clock.pass_(seconds=1)
        _append(database, desk, clock, 0, "opt_out")
    with database.writing() as session:
        session.connection().exec_driver_sql(tampering)
    assert _chain_faults(database)


def test_events_of_one_transaction_follow_one_another(
    database: Database, desk: Desk, clock: HandClock
) -> None:
    _append(database, desk, clock, 0, "opt_out")
    with database.writing() as session:
        turns.take(session, desk.labelers[0])
        for kind in ("break", "rating", "exposure"):
            now = clock.now()
            record.append(
                session, OrganisationId(desk.vendor), desk.labelers[0], kind, {}, now, now
            )
    assert _chain_faults(database) == []
    assert len(_tables(database)[1]) == 4


def test_an_end_that_is_not_the_end_stores_nothing(
    database: Database, desk: Desk, clock: HandClock
) -> None:
    vendor, person, now = OrganisationId(desk.vendor), desk.labelers[0], clock.now()
    for _ in range(2):
        _append(database, desk, clock, 0, "opt_out")
    before = _tables(database)
    (chain,) = [row for row in before[0] if row[2] == person]
    with pytest.raises(IntegrityError), database.writing() as session:  # noqa: PT012 one act
        turns.take(session, person)
        record.expect(session, vendor, person, record.Tip(chain[0], 1, "0" * 64))
        record.append(session, vendor, person, "break", {}, now, now)
    assert _tables(database) == before


def test_many_at_once_make_one_dense_chain(
    database: Database, desk: Desk, clock: HandClock
) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(
            pool.map(
                lambda number: _append(database, desk, clock, (0, 1, None)[number % 3], "break"),
                range(24),
            )
        )
    assert _chain_faults(database) == []
