"""Walking the queue: everything is found, nothing twice, in bounded steps."""

from uuid import uuid4

import pytest
import sqlalchemy as sa

from labelhub.domain.vocabulary import PersonId, ProjectId, Severity
from labelhub.store import queue
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.worlds import START, Desk, HandClock, lay_desk

S0 = Severity.S0


def _had(database: Database, desk: Desk, places: range, outcome: str = "completed") -> None:
    """Let the first labeler have had these items of the queue."""
    with database.writing() as session:
        connection = session.connection()
        item = metadata.tables["item"]
        ordered = connection.execute(sa.select(item.c.id).order_by(item.c.position)).scalars().all()
        connection.execute(
            sa.insert(metadata.tables["assignment"]),
            [
                {"id": uuid4(), "person_id": desk.labelers[0],
                 "organisation_id": desk.lab, "vendor_organisation_id": desk.vendor,
                 "project_id": desk.project, "item_id": ordered[place], "severity": 0, "words": 1,
                 "swapped": False, "guidelines_version": 1, "instrument_version": 1,
                 "opened_at": START, "lease_until": START, "closed_at": START,
                 "outcome": outcome}
                for place in places
            ],
        )  # fmt: skip


def _front(
    database: Database, desk: Desk, declined: tuple[str, ...] = (), place: int = 0
) -> queue.Walk:
    return database.run(
        lambda s: queue.front(
            s, PersonId(desk.labelers[place]), ProjectId(desk.project), S0, declined
        )
    )


def test_the_front_is_eight_items_in_the_order_of_the_lane(
    database: Database, clock: HandClock
) -> None:
    desk = lay_desk(database, clock, items=[0] * 30)
    found = _front(database, desk).found
    assert len(found) == queue.FRONT
    assert [one.position for one in found] == sorted(one.position for one in found)


@pytest.mark.parametrize("had", [8, 100, 500, 699])
def test_whoever_has_had_the_front_walks_on_and_finds_the_rest(
    database: Database, clock: HandClock, had: int
) -> None:
    desk = lay_desk(database, clock, items=[0] * 700)
    _had(database, desk, range(had))
    found = _front(database, desk).found
    assert found
    again = _front(database, desk).found  # from the stored cursor
    assert again[0].item_id == found[0].item_id


def test_items_behind_the_cursor_are_found_once_it_has_passed_the_end(
    database: Database, clock: HandClock
) -> None:
    desk = lay_desk(database, clock, items=[0] * 200)
    _had(database, desk, range(190))
    assert _front(database, desk).found
    with database.writing() as session:  # an item at the front comes back to this labeler
        assignment = metadata.tables["assignment"]
        first = session.connection().execute(
            sa.select(metadata.tables["item"].c.id)
            .order_by(metadata.tables["item"].c.position).limit(1)
        ).scalar_one()  # fmt: skip
        session.connection().execute(
            sa.update(assignment).where(assignment.c.item_id == first).values(outcome="expired")
        )
    _had(database, desk, range(190, 200))
    assert [one.item_id for one in _front(database, desk).found] == [first]


def test_nothing_left_is_said_and_not_searched_for_ever(
    database: Database, clock: HandClock
) -> None:
    desk = lay_desk(database, clock, items=[0] * 70)
    _had(database, desk, range(70))
    assert _front(database, desk) == queue.Walk(())


def test_a_request_walks_a_bounded_number_of_rows(database: Database, clock: HandClock) -> None:
    many = queue.STEP * queue.STEPS + 200
    desk = lay_desk(database, clock, items=[0] * many)
    _had(database, desk, range(many - 1))
    first = _front(database, desk)
    assert first == queue.Walk((), unfinished=True)
    assert len(_front(database, desk).found) == 1  # it goes on where it stopped


def test_declined_kinds_are_walked_past(database: Database, clock: HandClock) -> None:
    kinds = [["hte"] if place % 10 else ["prv"] for place in range(100)]
    desk = lay_desk(database, clock, items=[0] * 100, hazards=kinds)
    found = _front(database, desk, ("hte",)).found
    assert found
    assert all(one.hazards == ("prv",) for one in found)
    assert _front(database, desk, ("hte", "prv")).found == ()


@pytest.mark.parametrize("outcome", ["expired", "released"])
def test_what_came_back_unanswered_comes_again(
    database: Database, clock: HandClock, outcome: str
) -> None:
    desk = lay_desk(database, clock, items=[0] * 3)
    _had(database, desk, range(3), outcome)
    assert len(_front(database, desk).found) == 3


def test_full_unscreened_and_unready_items_are_not_in_the_queue(
    database: Database, clock: HandClock
) -> None:
    desk = lay_desk(database, clock, items=[0, 0, 0, None, 1])
    full, withdrawn, left = desk.items[:3]
    item = metadata.tables["item"]
    with database.writing() as session:
        connection = session.connection()
        connection.execute(
            sa.update(item).where(item.c.id == full).values(accepted_count=3, taken_count=3)
        )
        connection.execute(sa.update(item).where(item.c.id == withdrawn).values(state="withdrawn"))
    assert [one.item_id for one in _front(database, desk).found] == [left]


def test_levels_are_listed_fewest_first(database: Database, clock: HandClock) -> None:
    desk = lay_desk(database, clock, items=[0] * 4)
    item = metadata.tables["item"]
    with database.writing() as session:
        session.connection().execute(
            sa.update(item).where(item.c.id == desk.items[0]).values(
                accepted_count=2, taken_count=2
            )
        )  # fmt: skip
        assert queue.levels(session, ProjectId(desk.project), S0) == [0, 2]
        assert queue.waiting_tiers(session, ProjectId(desk.project), Severity) == {S0}
