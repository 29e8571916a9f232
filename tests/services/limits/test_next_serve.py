"""A tightening is seen by the very next serve, whatever connection either comes by."""

import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from labelhub.domain.vocabulary import OrganisationId, PersonId, Role
from labelhub.domain.welfare.layers import Layer
from labelhub.services.limits import tightening, whose
from labelhub.services.limits.whose import Whose
from labelhub.services.showing import Refused, Shown
from labelhub.store import labelers, policies
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.services.desk.room import Room, furnish
from tests.services.limits.office import document
from tests.worlds import HandClock

NONE_AT_ALL = document(dose_hour=0)


@pytest.fixture
def room(database: Database, clock: HandClock) -> Room:
    made = furnish(database, clock, items=[1, 1, 1, 1], max_severity=1)
    clock.pass_(minutes=30)
    return made


@pytest.fixture
def elsewhere(room: Room) -> Iterator[Database]:
    """Return the same database by connections of its own, as another process has them."""
    database = Database(room.database.url.render_as_string(hide_password=False))
    yield database
    database.dispose()


def layer_of(room: Room, layer: Layer) -> Whose:
    subjects = {
        Layer.INSTALLATION: "",
        Layer.VENDOR: room.desk.vendor.hex,
        Layer.PROJECT: room.desk.project.hex,
        Layer.LABELER: room.who().hex,
    }
    own = room.who() if layer is Layer.LABELER else None
    return Whose(layer, subjects[layer], OrganisationId(room.desk.vendor), own)


@pytest.mark.parametrize("layer", list(Layer))
def test_the_next_serve_of_another_connection_is_refused(
    room: Room, elsewhere: Database, layer: Layer
) -> None:
    first, other = (1, 0) if layer is Layer.LABELER else (0, 1)
    assert isinstance(room.next(place=first), Shown)
    room.clock.pass_(seconds=30)

    elsewhere.run(
        lambda s: tightening.tighten(s, layer_of(room, layer), NONE_AT_ALL, None, room.clock)
    )

    assert isinstance(room.next(place=other), Refused)


def test_another_labeler_goes_on_when_one_tightens_their_own(room: Room) -> None:
    room.run(
        lambda s: tightening.tighten(
            s, layer_of(room, Layer.LABELER), NONE_AT_ALL, room.who(), room.clock
        )
    )

    assert isinstance(room.next(place=1), Shown)


def test_a_tightening_waits_for_a_serve_that_is_deciding(
    postgres_database: Database, clock: HandClock
) -> None:
    """On PostgreSQL serves run beside each other; on SQLite there is one writer at a time."""
    room = furnish(postgres_database, clock, items=[1, 1], max_severity=1)
    done: list[str] = []

    def tighten() -> None:
        room.run(
            lambda s: tightening.tighten(
                s, layer_of(room, Layer.VENDOR), NONE_AT_ALL, None, room.clock
            )
        )
        done.append("tightened")

    with room.database.writing() as session:
        turn = labelers.take_turn(session, room.who(1), room.clock)
        policies.share(session)
        thread = threading.Thread(target=tighten)
        thread.start()
        _until_somebody_waits(room)
        assert labelers.lock_state(session, turn, room.desk.slug) is not None
        assert done == []
    thread.join(timeout=20)

    assert done == ["tightened"]
    assert isinstance(room.next(), Refused)


def _until_somebody_waits(room: Room) -> None:
    """Wait until a lock is waited for; the test's own time limit ends it otherwise."""
    asked = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    while True:
        with room.database.reading() as session:
            if session.connection().execute(asked).scalar_one():
                return
        time.sleep(0.01)


def test_staff_may_be_anyone_with_the_role_at_this_moment(room: Room) -> None:
    """A role given and taken counts as it is in the database, not as a page was drawn."""
    manager, members = PersonId(room.who(1)), metadata.tables["membership"]
    with room.database.writing() as session:
        session.connection().execute(
            members.update().where(members.c.person_id == manager).values(
                role=Role.VENDOR_MANAGER
            )
        )  # fmt: skip
    vendor = whose.of_vendor(OrganisationId(room.desk.vendor))
    changed = room.run(
        lambda s: tightening.tighten(s, vendor, document(mix=3), manager, room.clock)
    )

    assert changed == ("mix",)
