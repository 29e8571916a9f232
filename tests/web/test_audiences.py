"""S-2: each endpoint declares its audience, and the program behaves exactly as declared."""

import pytest
import sqlalchemy as sa
from flask import Flask

from labelhub.domain.audiences import Audience, Entry, Standing, Visitor, entry
from labelhub.domain.vocabulary import SEES_OTHERS
from labelhub.services import sign_ins
from labelhub.store.database import Database
from labelhub.web import access
from labelhub.web.access import UndeclaredAudienceError, audience_of
from labelhub.web.context import EXTENSION
from tests.support.application import SECRET_KEY, ClientAs, token_for
from tests.support.routes import Route, routes
from tests.support.world import Person, World
from tests.worlds import HandClock
from tools import permissions


def test_the_program_does_not_start_with_an_undeclared_endpoint() -> None:
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")

    with pytest.raises(UndeclaredAudienceError, match="forgotten"):
        access.install(app)


def test_flask_serves_no_file_that_is_not_declared() -> None:
    app = Flask("bare")  # Flask's own static route declares nothing

    with pytest.raises(UndeclaredAudienceError, match="static"):
        access.install(app)


@pytest.mark.both_engines
def test_every_route_admits_exactly_whom_it_declares(
    app: Flask, client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    """Every route, verb and role: observed equals declared (M13)."""
    wrong = []
    for person in (*world.one_of_each_role, None):
        visitor = _visitor(database, person, clock)
        client = client_as(person)
        for route in routes(app):
            declared = audience_of(app, route.endpoint)
            for verb in sorted(route.verbs | route.refused):
                response = client.open(route.path, method=verb)
                if route.endpoint == "sign_in.leave" and verb == "POST":
                    client = client_as(person)
                if not _as_declared(response, verb, route, declared, visitor):
                    name = person.name if person else "nobody"
                    wrong.append((name, verb, route.path, response.status))
    assert wrong == []


def _visitor(database: Database, person: Person | None, clock: HandClock) -> Visitor | None:
    if person is None:
        return None
    token = token_for(database, person, clock)
    with database.reading() as session:
        return sign_ins.find_visitor(session, token, (SECRET_KEY,), clock.now())


def _as_declared(
    response: object, verb: str, route: Route, declared: Audience, visitor: Visitor | None
) -> bool:
    status = response.status_code  # type: ignore[attr-defined]
    to_sign_in = response.headers.get("Location", "").startswith("/sign-in")  # type: ignore[attr-defined]
    if verb in route.refused:
        return bool(status == 405)
    if verb == "OPTIONS":
        return True  # answered by Flask with the verbs alone
    decision = entry(declared, visitor)
    if decision is Entry.SIGN_IN_FIRST:
        return bool(status == 303 and to_sign_in)
    if decision is Entry.WRONG_ROLE:
        return bool(status == (404 if route.names_object else 403))
    refused = status == 403 or (to_sign_in and "sign_in" not in route.endpoint and visitor is None)
    return not refused and status < 500


def test_a_password_alone_opens_no_page_of_a_role_that_sees_others(
    app: Flask, world: World, database: Database, clock: HandClock
) -> None:
    for person in world.one_of_each_role:
        if person.role not in SEES_OTHERS:
            continue
        token = database.run(
            lambda session, who=person: sign_ins.start(  # type: ignore[misc]
                session, who.id, "", (SECRET_KEY,), clock.now()
            )
        )
        for route in routes(app):
            if audience_of(app, route.endpoint).standing is not Standing.SIGNED_IN:
                continue
            verb = "POST" if "POST" in route.verbs else "GET"
            client = app.test_client()
            client.set_cookie("labelhub", token)
            response = client.open(route.path, method=verb)
            assert response.status_code == 303, (person.name, route.path)
            assert response.headers["Location"] == "/sign-in/second-factor"


def test_an_htmx_request_whose_sign_in_ended_gets_the_whole_sign_in_page(
    client_as: ClientAs,
) -> None:
    response = client_as(None).get("/account/sessions", headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert response.headers["HX-Redirect"].startswith("/sign-in")
    assert response.data == b""


def test_the_matrix_in_the_docs_is_current(app: Flask) -> None:
    written = permissions.PATH.read_text(encoding="utf-8")

    assert written == permissions.matrix(app), "run `python -m tools.permissions`"


def test_every_page_needs_one_query_to_know_who_asks(
    app: Flask, client_as: ClientAs, world: World
) -> None:

    statements: list[str] = []
    reader = app.extensions[EXTENSION].database.reader
    client = client_as(world.dara)
    client.get("/")  # warm

    def count(*args: object) -> None:
        statements.append(str(args[2]))

    sa.event.listen(reader, "before_cursor_execute", count)
    try:
        client.get("/account/password")
    finally:
        sa.event.remove(reader, "before_cursor_execute", count)
    assert len([one for one in statements if "sign_in" in one]) == 1
    assert len([one for one in statements if "SELECT" in one]) == 1
