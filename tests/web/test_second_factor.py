"""The second factor: forced where others' data is seen, each code once, recovery codes."""

import re

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from labelhub.services import sign_ins
from labelhub.store.database import Database
from tests.support.application import SECRET_KEY, ClientAs
from tests.support.world import PASSWORD, TOTP_SECRET, Person, World, lay_world
from tests.worlds import HandClock


@pytest.fixture
def half_signed_in(app: Flask, world: World, database: Database, clock: HandClock) -> FlaskClient:
    """Return Chen's client after the password, before the code."""
    return password_given(app, world.chen, database, clock)


def password_given(app: Flask, person: Person, database: Database, clock: HandClock) -> FlaskClient:
    token = database.run(
        lambda session: sign_ins.start(session, person.id, "", (SECRET_KEY,), clock.now())
    )
    client = app.test_client()
    client.set_cookie("labelhub", token)
    return client


def code(clock: HandClock, secret: str = TOTP_SECRET, steps: int = 0) -> str:
    return pyotp.HOTP(secret).at(int(clock.now().timestamp()) // 30 + steps)


def shown_secret(page: str) -> str:
    found = re.search(r'class="code secret"[^>]*>([A-Z2-7 ]+)<', page)
    assert found
    return found.group(1).replace(" ", "")


def test_a_right_code_opens_the_door_and_changes_the_token(
    half_signed_in: FlaskClient, clock: HandClock
) -> None:
    before = half_signed_in.get_cookie("labelhub")
    assert half_signed_in.get("/roster").headers["Location"] == "/sign-in/second-factor"

    response = half_signed_in.post("/sign-in/second-factor", data={"code": code(clock)})

    assert response.status_code == 303
    assert half_signed_in.get("/roster").status_code == 200
    assert half_signed_in.get_cookie("labelhub") != before


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_off_by_half_a_minute(
    half_signed_in: FlaskClient, clock: HandClock, steps: int
) -> None:
    sent = {"code": code(clock, steps=steps)}

    assert half_signed_in.post("/sign-in/second-factor", data=sent).status_code == 303


@pytest.mark.parametrize("steps", [-2, 2])
def test_but_not_by_more(half_signed_in: FlaskClient, clock: HandClock, steps: int) -> None:
    sent = {"code": code(clock, steps=steps)}

    assert half_signed_in.post("/sign-in/second-factor", data=sent).status_code == 422


@pytest.mark.both_engines
def test_a_code_works_once(
    app: Flask, half_signed_in: FlaskClient, world: World, database: Database, clock: HandClock
) -> None:
    sent = {"code": code(clock)}
    assert half_signed_in.post("/sign-in/second-factor", data=sent).status_code == 303

    onlooker = password_given(app, world.chen, database, clock)

    assert onlooker.post("/sign-in/second-factor", data=sent).status_code == 422


def test_wrong_codes_are_held_back(half_signed_in: FlaskClient, clock: HandClock) -> None:
    for _ in range(6):
        half_signed_in.post("/sign-in/second-factor", data={"code": "000000"})

    sent = {"code": code(clock)}
    assert half_signed_in.post("/sign-in/second-factor", data=sent).status_code == 422
    clock.pass_(minutes=0)
    assert half_signed_in.get("/roster").status_code == 303


@pytest.mark.both_engines
def test_a_labeler_may_set_one_up_and_is_then_asked_for_it(
    app: Flask, client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    amina = client_as(world.amina)
    other = client_as(world.amina)
    secret = shown_secret(amina.get("/account/second-factor").text)

    done = amina.post("/account/second-factor", data={"code": code(clock, secret)})

    codes = re.findall(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}", done.text)
    assert done.status_code == 200
    assert len(set(codes)) == 10
    assert amina.get("/").status_code == 200
    assert other.get("/").status_code == 303  # every other sign-in ended
    again = password_given(app, world.amina, database, clock)
    assert again.get("/").headers["Location"] == "/sign-in/second-factor"
    sent = {"code": codes[3].upper().replace("-", " ")}
    assert again.post("/sign-in/second-factor", data=sent).status_code == 303
    third = password_given(app, world.amina, database, clock)
    assert third.post("/sign-in/second-factor", data=sent).status_code == 422  # used up


def test_looking_at_the_enrolment_page_sets_nothing_up(client_as: ClientAs, world: World) -> None:
    amina = client_as(world.amina)
    first = shown_secret(amina.get("/account/second-factor").text)

    assert shown_secret(amina.get("/account/second-factor").text) == first
    assert shown_secret(client_as(world.ben).get("/account/second-factor").text) != first


def test_a_password_alone_cannot_replace_a_factor(
    half_signed_in: FlaskClient, clock: HandClock
) -> None:
    for response in (
        half_signed_in.get("/account/second-factor"),
        half_signed_in.post("/account/second-factor", data={"code": code(clock)}),
    ):
        assert response.status_code == 303
        assert response.headers["Location"] == "/sign-in/second-factor"


def test_replacing_a_factor_needs_a_fresh_proof(
    client_as: ClientAs, world: World, clock: HandClock
) -> None:
    chen = client_as(world.chen)
    assert chen.get("/account/second-factor").status_code == 200

    clock.pass_(minutes=10)

    assert chen.get("/account/second-factor").headers["Location"] == "/sign-in/second-factor"


def test_the_account_comes_from_the_sign_in_not_from_the_request(
    client_as: ClientAs, world: World, clock: HandClock
) -> None:
    ben = client_as(world.ben)
    secret = shown_secret(ben.get("/account/second-factor").text)
    ben.post(
        "/account/second-factor",
        data={"code": code(clock, secret), "person_id": str(world.amina.id)},
    )

    assert "Set it up" in client_as(world.amina).get("/account/sessions").text


def test_the_demonstration_asks_for_none(app: Flask, database: Database, clock: HandClock) -> None:

    world = lay_world(database, clock, demonstration=True)
    client = password_given(app, world.farid, database, clock)

    assert client.get("/administration/people").status_code == 200


def test_new_staff_must_set_one_up_before_anything_else(
    app: Flask, client_as: ClientAs, world: World, clock: HandClock
) -> None:
    link = re.search(
        r"http://localhost(/invitation/[^\"]+)",
        client_as(world.farid)
        .post(
            "/administration/people",
            data={"email": "Juno@example.org", "role": "auditor", "organisation": "lab"},
        )
        .text,
    )
    assert link
    juno = app.test_client()
    made = juno.post(
        link.group(1),
        data={
            "name": "Juno", "country": "none", "zone": "UTC",
            "password": PASSWORD, "password_again": PASSWORD,
        },
    )  # fmt: skip
    assert made.status_code == 303
    assert juno.get("/").headers["Location"] == "/account/second-factor"
    secret = shown_secret(juno.get("/account/second-factor").text)
    juno.post("/account/second-factor", data={"code": code(clock, secret)})
    assert juno.get("/").status_code == 200
