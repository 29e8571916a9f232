"""The page of incidents: who sees it, what it says, and what a decision needs."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labelhub.domain.vocabulary import PersonId, Role
from labelhub.services import sign_ins
from labelhub.settings import Settings
from labelhub.store.database import Database
from labelhub.tables import metadata
from labelhub.web.context import EXTENSION
from tests.services.desk.room import Room, furnish
from tests.support.application import SECRET_KEY, make_app
from tests.worlds import HandClock

OK, NOT_FOUND, FORBIDDEN = HTTPStatus.OK, HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN


@pytest.fixture
def room(database: Database, clock: HandClock) -> Room:
    room = furnish(database, clock, items=[0])
    room.stop(room.shown())
    return room


@pytest.fixture
def clients(room: Room, tmp_path: Path) -> Iterator[dict[str, FlaskClient]]:
    url = room.database.url.render_as_string(hide_password=False)
    app = make_app(Settings(data=tmp_path, database_url=url, secret_key=SECRET_KEY), room.clock)
    places = {
        "auditor": (Role.AUDITOR, room.desk.lab),
        "researcher": (Role.RESEARCHER, room.desk.lab),
        "manager": (Role.VENDOR_MANAGER, room.desk.vendor),
        "vendors auditor": (Role.AUDITOR, room.desk.vendor),
    }
    made = {}
    for name, (role, organisation) in places.items():
        made[name] = app.test_client()
        token = someone(room, role, organisation)
        made[name].set_cookie("labelhub", token, domain="localhost")
    yield made
    app.extensions[EXTENSION].database.dispose()


def someone(room: Room, role: Role, organisation: object) -> str:
    """Add a person with a role and return their token, second factor proven."""
    person, now = PersonId(uuid4()), room.clock.now()
    rows = {
        "person": {"id": person, "email": f"{person.hex}@x.org", "name": "X", "created_at": now},
        "membership": {
            "person_id": person, "organisation_id": organisation, "role": role, "started_at": now,
        },
    }  # fmt: skip
    with room.database.writing() as session:
        for table, values in rows.items():
            session.connection().execute(sa.insert(metadata.tables[table]), values)
    return room.run(
        lambda s: sign_ins.start(s, person, "Test", (SECRET_KEY,), now, second_factor_at=now)
    )


def address(room: Room) -> str:
    (found,) = room.rows("incident")
    return f"/incidents/{found.id}"


def test_staff_of_the_lab_see_it_and_nobody_else_learns_that_it_exists(
    room: Room, clients: dict[str, FlaskClient]
) -> None:
    seen = {name: client.get(address(room)).status_code for name, client in clients.items()}
    assert seen == {
        "auditor": OK, "researcher": OK, "manager": NOT_FOUND, "vendors auditor": NOT_FOUND,
    }  # fmt: skip
    assert "Pilot" not in clients["vendors auditor"].get("/incidents").text


def test_it_tells_the_day_and_never_the_hour_the_finder_or_the_text(
    room: Room, clients: dict[str, FlaskClient]
) -> None:
    page = clients["auditor"].get(address(room)).text
    assert "Mar 2, 2026" in page
    assert "9:00" not in page
    assert str(room.who()) not in page
    with room.database.reading() as session:
        text = session.connection().execute(sa.text("SELECT payload FROM content")).scalar_one()
    assert not any(word in page for word in text.split('"') if len(word) > 20)


def test_a_researcher_reads_and_does_not_decide(
    room: Room, clients: dict[str, FlaskClient]
) -> None:
    page = clients["researcher"].get(address(room)).text
    assert "Close the incident" not in page
    said = {"outcome": "served_again", "reason": "x"}
    assert clients["researcher"].post(address(room), data=said).status_code in (
        FORBIDDEN, NOT_FOUND,
    )  # fmt: skip
    assert room.rows("incident")[0].closed_at is None


@pytest.mark.parametrize(
    "form",
    [{}, {"outcome": "other", "reason": "x"}, {"outcome": "prohibited", "reason": "x" * 1001}],
)
def test_a_decision_needs_an_outcome_and_a_reason(
    room: Room, clients: dict[str, FlaskClient], form: dict[str, str]
) -> None:
    answer = clients["auditor"].post(address(room), data=form)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert room.rows("incident")[0].closed_at is None


def test_an_auditor_closes_it_once(room: Room, clients: dict[str, FlaskClient]) -> None:
    said = {"outcome": "served_again", "reason": "It quotes a law."}
    where = address(room)
    assert clients["auditor"].post(where, data=said).status_code == HTTPStatus.SEE_OTHER
    assert "served again" in clients["auditor"].get("/incidents").text
    assert "It quotes a law." in clients["researcher"].get(where).text
    assert clients["auditor"].post(where, data=said).status_code == NOT_FOUND
