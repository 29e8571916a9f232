"""Organisations, people, invitations, roster: what each page does, and whose it is (S-1)."""

import html
import re
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from labelhub.store.database import Database
from labelhub.tables import metadata
from labelhub.web import support
from labelhub.web.context import EXTENSION
from tests.support.application import ClientAs, token_for
from tests.support.world import PASSWORD, Person, World, membership_of
from tests.worlds import HandClock


def invitation_link(page: str) -> str:
    found = re.search(r'value="http://localhost(/invitation/[^"]+)"', page)
    assert found, page
    return found.group(1)


def invite_labeler(client_as: ClientAs, manager: Person, email: str) -> str:
    response = client_as(manager).post("/roster", data={"email": email})
    assert response.status_code == 200
    return invitation_link(response.text)


def accept(app: Flask, link: str, **changes: str) -> tuple[int, str]:
    data = {
        "name": "Juno", "country": "AT", "zone": "Europe/Vienna", "password": PASSWORD, **changes
    }  # fmt: skip
    response = app.test_client().post(link, data={"password_again": data["password"], **data})
    return response.status_code, response.text


def test_an_administrator_adds_an_organisation_once(client_as: ClientAs, world: World) -> None:
    farid = client_as(world.farid)
    form = {"name": "Third Eye", "slug": "third-eye", "kind": "vendor"}

    assert farid.post("/administration/organisations", data=form).status_code == 303
    assert "Third Eye" in farid.get("/administration/organisations").text
    again = farid.post("/administration/organisations", data=form)
    assert again.status_code == 422
    assert "Third Eye" in again.text


@pytest.mark.parametrize(
    "change",
    [{"slug": "Has Capitals"}, {"slug": "-x"}, {"name": ""}, {"kind": "bank"}, {"slug": "a" * 65}],
)
def test_a_malformed_organisation_is_refused_beside_its_field(
    client_as: ClientAs, world: World, change: dict[str, str]
) -> None:
    form = {"name": "Third Eye", "slug": "third-eye", "kind": "vendor"} | change
    response = client_as(world.farid).post("/administration/organisations", data=form)

    assert response.status_code == 422
    assert f'id="error-{next(iter(change))}"' in response.text


def test_an_invited_labeler_makes_an_account_and_appears_on_the_roster(
    app: Flask, client_as: ClientAs, world: World
) -> None:
    link = invite_labeler(client_as, world.chen, "Juno@Example.org")

    assert accept(app, link)[0] == 303

    assert "juno@example.org" in client_as(world.chen).get("/roster").text
    assert "juno@example.org" not in client_as(world.hana).get("/roster").text


def test_a_link_works_once(app: Flask, client_as: ClientAs, world: World) -> None:
    link = invite_labeler(client_as, world.chen, "juno@example.org")
    accept(app, link)

    assert app.test_client().get(link).status_code == 404
    assert accept(app, link)[0] == 404


def test_a_link_ends_after_a_week(
    app: Flask, client_as: ClientAs, world: World, clock: HandClock
) -> None:
    link = invite_labeler(client_as, world.chen, "juno@example.org")
    clock.pass_(days=6, hours=23)
    assert app.test_client().get(link).status_code == 200

    clock.pass_(hours=1)

    assert accept(app, link)[0] == 404


def test_a_withdrawn_link_does_not_work(app: Flask, client_as: ClientAs, world: World) -> None:
    link = invite_labeler(client_as, world.chen, "juno@example.org")
    invitation = only_id(app, "invitation")

    path = f"/roster/invitations/{invitation}/withdraw"
    assert client_as(world.chen).post(path).status_code == 303

    assert accept(app, link)[0] == 404


def test_another_vendors_invitation_is_like_one_that_does_not_exist(
    app: Flask, client_as: ClientAs, world: World
) -> None:
    link = invite_labeler(client_as, world.chen, "juno@example.org")
    hana = client_as(world.hana)

    theirs = hana.post(f"/roster/invitations/{only_id(app, 'invitation')}/withdraw")
    missing = hana.post(f"/roster/invitations/{uuid4()}/withdraw")

    assert (theirs.status_code, theirs.text) == (missing.status_code, missing.text)
    assert dict(theirs.headers) == dict(missing.headers)
    assert app.test_client().get(link).status_code == 200


def test_a_manager_can_give_no_other_role(
    app: Flask, client_as: ClientAs, world: World, database: Database
) -> None:
    response = client_as(world.chen).post(
        "/roster",
        data={"email": "juno@example.org", "role": "administrator", "organisation": "lab"},
    )
    accept(app, invitation_link(response.text))

    table = metadata.tables["membership"]
    with database.reading() as session:
        rows = (
            session.connection()
            .execute(sa.select(table.c.role, table.c.organisation_id).order_by(table.c.started_at))
            .all()
        )
    assert [(row.role, row.organisation_id) for row in rows].count(("labeler", world.vendor)) == 3


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short-but-ok?", "At least 15"),
        ("passwordpassword", "tries first"),
        ("fair words vendor juno", "your name"),
        ("aaaaaaaaaaaaaaaaaaaa", "easy to guess"),
        ("x" * 257, "too long"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(
    app: Flask, client_as: ClientAs, world: World, password: str, why: str
) -> None:
    link = invite_labeler(client_as, world.chen, "juno@example.org")

    status, page = accept(app, link, password=password)

    assert status == 422
    assert why in page
    assert password not in page


def test_long_and_foreign_passwords_are_taken(
    app: Flask, client_as: ClientAs, world: World
) -> None:
    link = invite_labeler(client_as, world.chen, "juno@example.org")
    password = "žluťoučký kůň úpěl ďábelské ódy 🐎 " * 4

    assert accept(app, link, password=password)[0] == 303
    sent = {"email": "juno@example.org", "password": password}
    assert app.test_client().post("/sign-in", data=sent).status_code == 303


def test_someone_with_an_account_must_sign_in_to_take_one_more_role(
    app: Flask, client_as: ClientAs, world: World
) -> None:
    link = invite_labeler(client_as, world.hana, world.amina.email)
    assert accept(app, link)[0] == 422
    assert client_as(world.ben).post(link).status_code == 422
    assert "amina@example.org" not in client_as(world.hana).get("/roster").text.split("pending")[0]

    assert client_as(world.amina).post(link).status_code == 303

    assert "Amina" in client_as(world.hana).get("/roster").text
    assert "Amina" in client_as(world.chen).get("/roster").text


def test_an_invitation_does_not_tell_whether_an_address_has_an_account(
    app: Flask, client_as: ClientAs, world: World
) -> None:
    known = invite_labeler(client_as, world.hana, world.amina.email)
    unknown = invite_labeler(client_as, world.hana, "zelda@example.org")

    def seen(link: str, address: str, **form: str) -> str:
        client = app.test_client()
        answer = client.post(link, data=form) if form else client.get(link)
        return answer.text.replace(link, "LINK").replace(address, "ADDRESS")

    for form in ({}, {"name": "Z"}, {"name": "Z", "zone": "UTC", "country": "none",
                  "password": "short", "password_again": "short"}):  # fmt: skip
        told = seen(known, "amina@example.org", **form), seen(unknown, "zelda@example.org", **form)
        assert told[0] == told[1]
        assert "Sign in" in told[0]
        assert "make an account" in told[0]


def test_a_known_address_gets_no_second_account_and_keeps_its_password(
    app: Flask, client_as: ClientAs, world: World, database: Database
) -> None:
    link = invite_labeler(client_as, world.hana, world.amina.email)

    status, page = accept(app, link, password="another long and quiet password")

    assert (status, "sign in with it first" in page) == (422, True)
    assert app.test_client().get(link).status_code == 200
    sent = {"email": world.amina.email, "password": PASSWORD}
    assert app.test_client().post("/sign-in", data=sent).status_code == 303


def place_of(database: Database, email: str) -> tuple[str, str]:
    table = metadata.tables["person"]
    with database.reading() as session:
        row = session.connection().execute(sa.select(table).where(table.c.email == email)).one()
    return row.country, row.zone


def test_an_invited_labeler_meets_the_helplines_of_their_country(
    app: Flask, client_as: ClientAs, world: World, database: Database
) -> None:
    link = invite_labeler(client_as, world.chen, "juno@example.org")
    client = app.test_client()
    assert ">Kenya</option>" in client.get(link).text
    form = {"name": "Juno", "country": "KE", "zone": "Africa/Nairobi", "password": PASSWORD}

    client.post(link, data={**form, "password_again": PASSWORD})

    assert place_of(database, "juno@example.org") == ("KE", "Africa/Nairobi")
    assert local_contact("KE") in html.unescape(client.post("/moment").text)


def local_contact(country: str) -> str:
    """Return the name of somebody who is named to people of that country only."""
    general = {contact["name"] for contact in support.contacts("")}
    return next(one["name"] for one in support.contacts(country) if one["name"] not in general)


def test_nobody_must_say_their_country(
    app: Flask, client_as: ClientAs, world: World, database: Database
) -> None:
    link = invite_labeler(client_as, world.chen, "juno@example.org")

    assert accept(app, link, country="Kenya")[0] == 422
    assert accept(app, link, country="none")[0] == 303

    assert place_of(database, "juno@example.org") == ("", "Europe/Vienna")


def test_a_person_says_where_they_are_and_it_is_an_event_of_theirs(
    client_as: ClientAs, world: World, database: Database
) -> None:
    amina = client_as(world.amina)
    form = {"country": "KE", "zone": "Africa/Nairobi"}

    assert amina.post("/account/place", data=form).status_code == 303
    assert amina.post("/account/place", data=form).status_code == 303
    assert amina.post("/account/place", data={**form, "zone": "Mars/Base"}).status_code == 422
    assert amina.post("/account/place", data={**form, "country": "XX"}).status_code == 422

    assert place_of(database, world.amina.email) == ("KE", "Africa/Nairobi")
    assert events_of(database, world.amina) == ["place_changed"]
    assert local_contact("KE") in html.unescape(amina.post("/moment").text)
    assert 'value="KE" selected' in amina.get("/account/place").text


def events_of(database: Database, person: Person) -> list[str]:
    """Return what the record holds of a person, in the order in which it came."""
    event, chain = metadata.tables["event"], metadata.tables["chain"]
    with database.reading() as session:
        kinds = session.connection().scalars(
            sa.select(event.c.kind)
            .join(chain, chain.c.id == event.c.chain_id)
            .where(chain.c.person_id == person.id)
            .order_by(event.c.seq)
        )
        return list(kinds)


def give_role(database: Database, clock: HandClock, person: Person, where: UUID, role: str) -> None:
    row = {
        "id": uuid4(), "person_id": person.id, "organisation_id": where, "role": role,
        "started_at": clock.now(),
    }  # fmt: skip
    with database.writing() as session:
        session.connection().execute(sa.insert(metadata.tables["membership"]), row)


def test_a_manager_of_two_vendors_manages_both_each_by_itself(
    client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    give_role(database, clock, world.chen, world.other_vendor, "vendor_manager")
    chen = client_as(world.chen)

    first, second = chen.get("/roster").text, chen.get("/roster?organisation=other").text
    assert ("Amina" in first, "Ivo" in first) == (True, False)
    assert ("Amina" in second, "Ivo" in second) == (False, True)
    assert 'href="/roster?organisation=other"' in first

    link = invitation_link(
        chen.post("/roster?organisation=other", data={"email": "juno@example.org"}).text
    )
    assert link
    assert "juno@example.org" in chen.get("/roster?organisation=other").text
    assert "juno@example.org" not in chen.get("/roster").text


def test_a_vendor_that_somebody_else_manages_is_like_one_that_does_not_exist(
    client_as: ClientAs, world: World
) -> None:
    chen = client_as(world.chen)
    form = {"email": "juno@example.org"}

    for name in ("other", "lab", "none-such", ""):
        assert chen.get(f"/roster?organisation={name}").status_code == 404, name
        assert chen.post(f"/roster?organisation={name}", data=form).status_code == 404, name
    assert "Organisations" not in chen.get("/roster").text


def test_the_roster_shows_nothing_of_choices_and_no_running_clock(
    client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    before = client_as(world.chen).get("/roster").text
    with database.writing() as session:
        connection = session.connection()
        connection.execute(
            sa.insert(metadata.tables["opt_out"]),
            {
                "id": uuid4(), "person_id": world.amina.id, "scope": "today", "subject": "",
                "started_at": clock.now(),
            },
        )  # fmt: skip
        connection.execute(
            sa.insert(metadata.tables["paid_time"]),
            {
                "id": uuid4(), "person_id": world.amina.id, "organisation_id": world.vendor,
                "kind": "opt_out", "version": 1, "seconds": 90, "recorded_at": clock.now(),
            },
        )  # fmt: skip

    assert client_as(world.chen).get("/roster").text == before
    clock.pass_(days=1)
    assert "90 seconds" in client_as(world.chen).get("/roster").text
    assert "90 seconds" not in client_as(world.hana).get("/roster").text


def test_the_last_administrator_cannot_be_shut_out(
    client_as: ClientAs, world: World, database: Database
) -> None:
    farid = client_as(world.farid)
    membership = membership_of(database, world.farid)

    suspended = farid.post(f"/administration/people/{world.farid.id}/suspend")
    ended = farid.post(f"/administration/people/{world.farid.id}/roles/{membership}/end")

    assert suspended.status_code == ended.status_code == 422
    assert farid.get("/administration/people").status_code == 200


def test_a_role_is_ended_only_at_the_person_it_belongs_to(
    client_as: ClientAs, world: World, database: Database
) -> None:
    membership = membership_of(database, world.ben)
    path = f"/administration/people/{world.amina.id}/roles/{membership}/end"

    assert client_as(world.farid).post(path).status_code == 404
    assert membership_of(database, world.ben) == membership


def test_each_change_of_role_or_standing_is_one_event(
    client_as: ClientAs, world: World, database: Database
) -> None:
    farid = client_as(world.farid)
    page = f"/administration/people/{world.amina.id}"
    farid.post(f"{page}/suspend")
    farid.post(f"{page}/suspend")
    farid.post(f"{page}/reinstate")
    farid.post(f"{page}/roles/{membership_of(database, world.amina)}/end")

    event, chain = metadata.tables["event"], metadata.tables["chain"]
    with database.reading() as session:
        kinds = (
            session.connection()
            .scalars(
                sa.select(event.c.kind)
                .join(chain, chain.c.id == event.c.chain_id)
                .where(chain.c.person_id == world.amina.id, chain.c.organisation_id == world.vendor)
                .order_by(event.c.seq)
            )
            .all()
        )
    assert list(kinds) == ["suspended", "reinstated", "role_ended"]


def test_own_sign_ins_are_listed_and_ended_and_others_are_not_reachable(
    app: Flask, client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    amina, phone, ben = client_as(world.amina), client_as(world.amina), client_as(world.ben)
    ids = re.findall(r'name="end" value="([0-9a-f-]{36})"', amina.get("/account/sessions").text)
    assert len(ids) == 2
    bens = re.findall(r'name="end" value="([0-9a-f-]{36})"', ben.get("/account/sessions").text)

    foreign = amina.post("/account/sessions", data={"end": bens[0]})
    missing = amina.post("/account/sessions", data={"end": str(uuid4())})
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text == missing.text
    assert ben.get("/").status_code == 200

    amina.post("/account/sessions", data={"end": "others"})
    assert phone.get("/").status_code == 303
    assert amina.get("/").status_code == 200


def test_changing_the_password_ends_every_other_sign_in(
    app: Flask, client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    amina, phone = client_as(world.amina), client_as(world.amina)
    new = "seven slow herons over the harbour"
    form = {"present": PASSWORD, "password": new, "password_again": new}
    assert amina.post("/account/password", data=form | {"present": "wrong"}).status_code == 422
    assert phone.get("/").status_code == 200

    assert amina.post("/account/password", data=form).status_code == 303

    assert phone.get("/").status_code == 303
    assert amina.get("/").status_code == 200
    stranger = app.test_client()
    old = stranger.post("/sign-in", data={"email": world.amina.email, "password": PASSWORD})
    assert old.status_code == 422
    sent = {"email": world.amina.email, "password": new}
    assert stranger.post("/sign-in", data=sent).status_code == 303


def test_the_switcher_exists_only_in_a_demonstration_and_on_this_machine(
    app: Flask, world: World, database: Database, clock: HandClock
) -> None:
    client = app.test_client()
    form = {"account": str(world.farid.id)}
    assert client.post("/demonstration/sign-in", data=form).status_code == 404
    with database.writing() as session:
        session.connection().execute(
            sa.update(metadata.tables["installation"]).values(demonstration=True)
        )
    far = {"REMOTE_ADDR": "192.0.2.7"}
    page = client.get("/sign-in", environ_overrides=far)
    refused = client.post("/demonstration/sign-in", data=form, environ_overrides=far)
    assert "Farid" not in page.text
    assert refused.status_code == 404
    assert client.post("/demonstration/sign-in", data={"account": "x"}).status_code == 404

    assert "Farid" in client.get("/sign-in").text
    assert client.post("/demonstration/sign-in", data=form).status_code == 303
    assert client.get("/administration/people").status_code == 200


def only_id(app: Flask, table: str) -> object:

    with app.extensions[EXTENSION].database.reading() as session:
        return session.connection().scalars(sa.select(metadata.tables[table].c.id)).one()


def test_a_token_is_of_one_person(
    app: Flask, world: World, database: Database, clock: HandClock
) -> None:
    assert token_for(database, world.amina, clock) != token_for(database, world.amina, clock)
