"""Who forgot a password, or lost a second factor, gets back in; nobody else does."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from labelhub.services import resets
from labelhub.services.resets import ResetError
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.support.application import SECRET_KEY, ClientAs
from tests.support.importing import rows_of
from tests.support.world import PASSWORD, Person, World
from tests.worlds import HandClock

NEW = "seven slow herons over the harbour"
FORM = {"password": NEW, "password_again": NEW}


@pytest.fixture
def administrator(database: Database, world: World, clock: HandClock) -> Person:
    """Return Farid, who administers the vendor besides the lab."""
    with database.writing() as session:
        session.connection().execute(
            sa.insert(metadata.tables["membership"]),
            {
                "id": world.farid.id, "person_id": world.farid.id,
                "organisation_id": world.vendor, "role": "administrator",
                "started_at": clock.now(),
            },
        )  # fmt: skip
    return world.farid


def operators_link(
    database: Database, clock: HandClock, person: Person, *, second_factor: bool = False
) -> str:
    token = database.run(
        lambda session: resets.make_for_address(
            session, person.email.upper(), (SECRET_KEY,), clock, second_factor=second_factor
        )
    )
    return f"/reset/{token}"


def administrators_link(client_as: ClientAs, administrator: Person, person: Person) -> str:
    page = client_as(administrator).post(f"/administration/people/{person.id}/reset")
    found = re.search(r'value="http://localhost(/reset/[^"]+)"', page.text)
    assert found, page.text
    return found.group(1)


def signs_in(app: Flask, person: Person, password: str) -> bool:
    sent = {"email": person.email, "password": password}
    return app.test_client().post("/sign-in", data=sent).status_code == 303


def test_an_administrators_link_gives_a_new_password_once_and_ends_every_sign_in(
    app: Flask, client_as: ClientAs, world: World, administrator: Person
) -> None:
    amina, stranger = client_as(world.amina), app.test_client()
    link = administrators_link(client_as, administrator, world.amina)
    assert signs_in(app, world.amina, PASSWORD)  # until the link is used
    assert world.amina.email in stranger.get(link).text

    assert stranger.post(link, data=FORM).headers["Location"] == "/sign-in"

    assert amina.get("/").status_code == 303
    assert (signs_in(app, world.amina, PASSWORD), signs_in(app, world.amina, NEW)) == (False, True)
    assert stranger.get(link).status_code == stranger.post(link, data=FORM).status_code == 404


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (60, 404), (61, 404)])
def test_a_link_ends_after_an_hour(
    app: Flask, database: Database, world: World, clock: HandClock, minutes: int, status: int
) -> None:
    link = operators_link(database, clock, world.amina)

    clock.pass_(minutes=minutes)

    assert app.test_client().get(link).status_code == status


def test_a_newer_link_and_a_changed_password_each_end_the_older_link(
    app: Flask, client_as: ClientAs, database: Database, world: World, clock: HandClock
) -> None:
    first, second = (operators_link(database, clock, world.amina) for _ in range(2))
    assert [app.test_client().get(link).status_code for link in (first, second)] == [404, 200]

    client_as(world.amina).post("/account/password", data={**FORM, "present": PASSWORD})

    assert app.test_client().get(second).status_code == 404


def test_administrators_help_people_of_their_own_organisations_only_and_not_themselves(
    client_as: ClientAs, world: World, administrator: Person
) -> None:
    farid = client_as(administrator)

    for person, status in ((world.amina, 200), (world.ivo, 404), (world.farid, 404)):
        page = f"/administration/people/{person.id}"
        assert ("/reset" in farid.get(page).text) is (status == 200)
        assert farid.post(f"{page}/reset").status_code == status


def test_a_manager_makes_no_link(client_as: ClientAs, world: World) -> None:
    path = f"/administration/people/{world.amina.id}/reset"

    assert client_as(world.chen).post(path).status_code == 404


def test_an_administrators_link_leaves_the_second_factor(
    app: Flask, client_as: ClientAs, world: World, administrator: Person
) -> None:
    link = administrators_link(client_as, administrator, world.chen)
    chen = app.test_client()
    chen.post(link, data=FORM)

    chen.post("/sign-in", data={"email": world.chen.email, "password": NEW})

    assert chen.get("/roster").headers["Location"].startswith("/sign-in/second-factor")


def test_the_operator_takes_a_lost_second_factor_off_and_it_is_set_up_anew(
    app: Flask, database: Database, world: World, clock: HandClock
) -> None:
    link = operators_link(database, clock, world.chen, second_factor=True)
    chen = app.test_client()
    chen.post("/sign-in", data={"email": world.chen.email, "password": PASSWORD})
    assert chen.get("/roster").headers["Location"] == "/sign-in/second-factor"

    chen.post(link, data=FORM)
    chen.post("/sign-in", data={"email": world.chen.email, "password": NEW})

    assert chen.get("/roster").headers["Location"] == "/account/second-factor"


def test_the_person_sees_who_made_a_link_and_it_is_in_their_record(
    app: Flask, client_as: ClientAs, database: Database, world: World, administrator: Person,
    clock: HandClock,
) -> None:  # fmt: skip
    link = administrators_link(client_as, administrator, world.amina)
    app.test_client().post(link, data=FORM)

    page = client_as(world.amina).get("/account/sessions").text
    assert "Made by Farid" in page
    assert "Used on" in page
    kinds = (
        "SELECT kind FROM event JOIN chain ON chain.id = event.chain_id"
        " WHERE person_id IS NOT NULL ORDER BY event.seq"
    )
    assert rows_of(database, kinds) == [("reset_link_made",), ("password_reset",)]


def test_a_weak_or_mistyped_password_is_refused_and_the_link_stays(
    app: Flask, database: Database, world: World, clock: HandClock
) -> None:
    link, client = operators_link(database, clock, world.amina), app.test_client()

    for form in ({"password": "short", "password_again": "short"}, {**FORM, "password_again": "x"}):
        assert client.post(link, data=form).status_code == 422

    assert client.post(link, data=FORM).status_code == 303


def test_a_suspended_person_gets_no_link(
    app: Flask, client_as: ClientAs, database: Database, world: World, clock: HandClock
) -> None:
    link = operators_link(database, clock, world.amina)
    client_as(world.farid).post(f"/administration/people/{world.amina.id}/suspend")

    assert app.test_client().get(link).status_code == 404
    with pytest.raises(ResetError, match="suspended"):
        operators_link(database, clock, world.amina)


def test_guessing_links_is_held_back(app: Flask, world: World) -> None:
    answers = [app.test_client().get(f"/reset/{number}").status_code for number in range(61)]

    assert answers == [404] * 60 + [429]


def test_the_database_holds_no_link(database: Database, world: World, clock: HandClock) -> None:
    token = operators_link(database, clock, world.amina).removeprefix("/reset/")

    assert all(token not in str(row) for row in rows_of(database, "SELECT * FROM password_reset"))
