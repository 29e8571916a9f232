"""S-7: signing in is held back, bounded, and answers alike; S-3: it ends at once."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labelhub.domain.accounts import PER_ACCOUNT
from labelhub.services import passwords, people
from labelhub.store.database import Database
from tests.support.application import ClientAs, token_for
from tests.support.world import PASSWORD, World, membership_of
from tests.worlds import HandClock

WRONG = "not the password at all"


@pytest.fixture
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Count verifications instead of paying for them; only the cost is left out."""
    seen: list[str | None] = []

    def matches(password_hash: str | None, password: str) -> bool:
        seen.append(password_hash)
        return password_hash is not None and password == PASSWORD

    monkeypatch.setattr(passwords, "matches", matches)
    return seen


def enter(client: FlaskClient, email: str, password: str, **extra: str) -> tuple[int, str]:
    response = client.post("/sign-in", data={"email": email, "password": password, **extra})
    return response.status_code, response.headers.get("Location", response.text)


def test_the_right_password_opens_the_start_page(client: FlaskClient, world: World) -> None:
    assert enter(client, "  AMINA@Example.org ", PASSWORD) == (303, "/")
    assert client.get("/").status_code == 200


def test_the_way_back_is_one_of_our_own_pages(client: FlaskClient, world: World) -> None:
    asked = client.get("/account/sessions?x=1")
    assert asked.headers["Location"] == "/sign-in?next=/account/sessions?x%3D1"
    assert enter(client, world.amina.email, PASSWORD, next="/account/sessions") == (
        303,
        "/account/sessions",
    )


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/nowhere", "/sign-out"],
)
def test_no_other_way_back_is_followed(
    client: FlaskClient, world: World, target: str, quick_hashing: list[str | None]
) -> None:
    assert enter(client, world.amina.email, PASSWORD, next=target) == (303, "/")


def test_unknown_and_known_accounts_are_answered_alike(
    app: Flask, world: World, quick_hashing: list[str | None]
) -> None:
    known = enter(app.test_client(), "amina@example.org", WRONG)
    unknown = enter(app.test_client(), "nobody@example.org", WRONG)

    assert known[0] == unknown[0] == 422
    assert known[1].replace("amina@", "nobody@") == unknown[1]
    assert len(quick_hashing) == 2  # and both cost one verification


def test_an_unknown_account_costs_a_real_verification(world: World) -> None:
    assert passwords.HASHER.check_needs_rehash(passwords._DUMMY) is False
    assert passwords.matches(None, "anything") is False


def test_a_suspended_person_is_answered_like_a_wrong_password(
    client: FlaskClient, world: World, database: Database, clock: HandClock
) -> None:
    database.run(lambda session: people.suspend(session, world.amina.id, None, clock))

    assert enter(client, world.amina.email, PASSWORD)[0] == 422


@pytest.mark.both_engines
def test_guesses_at_one_account_are_held_back_and_come_back_with_time(
    client: FlaskClient, world: World, clock: HandClock, quick_hashing: list[str | None]
) -> None:
    for _ in range(10):
        assert enter(client, world.amina.email, WRONG)[0] == 422
    assert enter(client, world.amina.email, PASSWORD)[0] == 429
    assert len(quick_hashing) == 10  # a refused attempt hashes nothing

    clock.pass_(minutes=31)
    assert enter(client, world.amina.email, PASSWORD)[0] == 303


def test_unknown_accounts_are_held_back_alike(
    client: FlaskClient, world: World, quick_hashing: list[str | None]
) -> None:
    answers = [enter(client, "nobody@example.org", WRONG)[0] for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_guesses_from_one_source_are_held_back_over_all_accounts(
    client: FlaskClient, world: World, quick_hashing: list[str | None]
) -> None:
    answers = [enter(client, f"n{number}@example.org", WRONG)[0] for number in range(61)]

    assert answers == [422] * 60 + [429]


def test_strangers_cannot_lock_somebody_out_of_the_browser_they_use(
    app: Flask, client: FlaskClient, world: World, quick_hashing: list[str | None]
) -> None:
    assert enter(client, world.amina.email, PASSWORD)[0] == 303
    client.post("/sign-out")
    stranger = app.test_client()
    while enter(stranger, world.amina.email, WRONG)[0] != 429:
        pass

    assert enter(client, world.amina.email, PASSWORD)[0] == 303


def test_a_known_browser_is_held_back_too(
    client: FlaskClient, world: World, quick_hashing: list[str | None]
) -> None:
    enter(client, world.amina.email, PASSWORD)
    answers = [enter(client, world.amina.email, WRONG)[0] for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_right_passwords_use_nothing_up(
    client: FlaskClient, world: World, quick_hashing: list[str | None]
) -> None:
    answers = {enter(client, world.amina.email, PASSWORD)[0] for _ in range(70)}

    assert answers == {303}


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take every place at which a password could be hashed."""
    monkeypatch.setattr(passwords, "_PATIENCE_S", 0.01)
    for _ in range(passwords.AT_ONCE):
        passwords._turns.acquire()
    yield
    for _ in range(passwords.AT_ONCE):
        passwords._turns.release()


def test_hashing_is_bounded_and_a_busy_moment_counts_as_no_guess(
    client: FlaskClient, world: World, busy: None
) -> None:
    for _ in range(PER_ACCOUNT.attempts + 2):
        status, page = enter(client, world.amina.email, PASSWORD)
        assert (status, "Try again in a moment." in page) == (503, True)
        assert "Too many" not in page


def test_a_busy_moment_is_no_wrong_password_where_one_is_changed(
    client_as: ClientAs, world: World, busy: None
) -> None:
    new = "seven slow herons over the harbour"
    form = {"present": PASSWORD, "password": new, "password_again": new}
    amina = client_as(world.amina)

    for _ in range(PER_ACCOUNT.attempts + 2):
        answer = amina.post("/account/password", data=form)
        assert (answer.status_code, "Try again in a moment." in answer.text) == (503, True)


def test_signing_in_always_makes_a_new_token(
    client: FlaskClient, world: World, quick_hashing: list[str | None]
) -> None:
    client.set_cookie("labelhub", "chosen-by-someone-else")
    enter(client, world.amina.email, PASSWORD)
    first = client.get_cookie("labelhub")
    enter(client, world.amina.email, PASSWORD)
    second = client.get_cookie("labelhub")

    assert first is not None
    assert second is not None
    assert len({"chosen-by-someone-else", first.value, second.value}) == 3
    assert len(first.value) >= 43  # 256 bits


def test_signing_out_ends_the_token_itself(
    app: Flask, world: World, database: Database, clock: HandClock
) -> None:
    token = token_for(database, world.amina, clock)
    mine, thief = app.test_client(), app.test_client()
    for client in (mine, thief):
        client.set_cookie("labelhub", token)
    assert thief.get("/").status_code == 200

    mine.post("/sign-out")

    assert thief.get("/").status_code == 303


@pytest.mark.both_engines
def test_losing_a_role_acts_on_the_next_request(
    client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    chen = client_as(world.chen)
    assert chen.get("/roster").status_code == 200
    membership = membership_of(database, world.chen)

    database.run(lambda session: people.end_role(session, world.chen.id, membership, None, clock))

    assert chen.get("/roster").status_code == 303
    assert client_as(world.chen).get("/roster").status_code == 403


@pytest.mark.both_engines
def test_suspension_acts_on_the_next_request(
    client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    amina = client_as(world.amina)
    assert amina.get("/").status_code == 200

    database.run(lambda session: people.suspend(session, world.amina.id, None, clock))
    assert amina.get("/").status_code == 303

    database.run(lambda session: people.reinstate(session, world.amina.id, None, clock))
    assert amina.get("/").status_code == 303  # the old sign-in stays ended


@pytest.mark.parametrize(
    ("who", "idle", "over"),
    [("chen", 29, False), ("chen", 30, True), ("amina", 239, False), ("amina", 240, True)],
)
def test_an_unused_sign_in_ends_when_the_limit_is_reached(
    client_as: ClientAs, world: World, clock: HandClock, who: str, idle: int, *, over: bool
) -> None:
    client = client_as(getattr(world, who))
    clock.pass_(minutes=idle)

    assert (client.get("/").status_code == 303) is over


@pytest.mark.parametrize(("who", "hours"), [("chen", 12), ("amina", 16)])
def test_a_sign_in_ends_however_much_it_is_used(
    client_as: ClientAs, world: World, clock: HandClock, who: str, hours: int
) -> None:
    client = client_as(getattr(world, who))
    for _ in range(hours * 3 - 1):
        clock.pass_(timedelta(minutes=20))
        assert client.get("/").status_code == 200
    clock.pass_(timedelta(minutes=20))

    assert client.get("/").status_code == 303


def test_the_database_holds_no_token(
    client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:

    token = token_for(database, world.amina, clock)
    with database.reading() as session:
        rows = session.connection().execute(sa.text("SELECT * FROM sign_in")).all()

    assert rows
    assert token not in str(rows)


def test_the_page_names_no_account_before_signing_in(client: FlaskClient, world: World) -> None:
    page = client.get("/sign-in").text

    assert not re.search("amina|farid|demonstration", page, re.IGNORECASE)
