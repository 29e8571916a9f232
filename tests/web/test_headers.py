"""S-6: every response carries the policy, enforced; pages are kept out of every cache."""

import gzip
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from labelhub.domain.audiences import PUBLIC
from labelhub.settings import Settings
from labelhub.web import assets
from labelhub.web.context import EXTENSION
from labelhub.web.headers import HEADERS, POLICY
from tests.support.application import ClientAs, make_app
from tests.support.routes import VERBS, routes
from tests.support.world import PASSWORD, World
from tests.worlds import HandClock


def test_every_answer_of_every_route_has_the_headers(
    app: Flask, client_as: ClientAs, world: World
) -> None:
    for person in (world.farid, world.amina, None):
        client = client_as(person)
        for route in routes(app):
            for verb in VERBS:
                response = client.open(route.path, method=verb)
                for name, value in HEADERS:
                    assert response.headers.get_all(name) == [value], (route.path, verb, name)
                assert "Content-Security-Policy-Report-Only" not in response.headers


@pytest.mark.parametrize("path", ["/nowhere", "/static/nothing.css", "/%00", "/%ff"])
def test_errors_have_the_headers_too(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code in {400, 404}
    for name, value in HEADERS:
        assert response.headers[name] == value


def test_a_failing_page_has_the_headers(app: Flask) -> None:
    def fail() -> str:
        raise ZeroDivisionError("a secret sentence")

    fail.labelhub_audience = PUBLIC  # type: ignore[attr-defined]
    app.add_url_rule("/fail", "fail", fail)

    response = app.test_client().get("/fail")

    assert response.status_code == 500
    assert response.headers["Content-Security-Policy"] == POLICY
    assert "secret sentence" not in response.text


def test_the_policy_allows_nothing_unsafe() -> None:
    assert "unsafe" not in POLICY
    assert "*" not in POLICY
    assert POLICY.startswith("default-src 'none'; ")


def test_pages_are_not_stored_and_say_what_they_depend_on(client: FlaskClient) -> None:
    response = client.get("/sign-in")

    assert response.headers["Cache-Control"] == "no-store"
    assert {"HX-Request", "Cookie"} <= set(response.vary)


def test_transport_security_and_bound_cookies_come_with_tls(
    settings: Settings, clock: HandClock, world: World
) -> None:

    app = make_app(replace(settings, tls=True), clock)
    response = app.test_client().post(
        "/sign-in",
        data={"email": world.amina.email, "password": PASSWORD},
        base_url="https://localhost",
    )
    app.extensions[EXTENSION].database.dispose()

    assert response.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    cookies = response.headers.get_all("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith("__Host-labelhub")
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie


def test_pages_are_compressed_where_the_browser_takes_it(client: FlaskClient) -> None:
    plain = client.get("/sign-in")
    packed = client.get("/sign-in", headers={"Accept-Encoding": "br, gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data)


def test_a_page_that_shows_a_secret_is_never_compressed(client_as: ClientAs, world: World) -> None:
    response = client_as(world.amina).get(
        "/account/second-factor", headers={"Accept-Encoding": "gzip"}
    )

    assert response.status_code == 200
    assert "Content-Encoding" not in response.headers
    assert "no-transform" in response.headers["Cache-Control"]


def test_style_sheets_are_kept_long_only_under_their_present_version(
    app: Flask, client: FlaskClient
) -> None:

    current = client.get(f"/static/labelhub.css?v={assets.version()}")
    other = client.get("/static/labelhub.css?v=old")
    packed = client.get("/static/labelhub.css", headers={"Accept-Encoding": "gzip"})
    again = client.get("/static/labelhub.css", headers={"If-None-Match": other.headers["ETag"]})

    assert current.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in other.headers["Cache-Control"]
    assert gzip.decompress(packed.data) == other.data
    assert again.status_code == 304
    assert current.mimetype == "text/css"
    assert "Set-Cookie" not in current.headers


@pytest.mark.parametrize(
    "name", ["../settings.py", "..%2fsettings.py", "/etc/passwd", "vendor", "vendor/", "."]
)
def test_nothing_but_listed_files_is_sent(client: FlaskClient, name: str) -> None:
    response = client.get(f"/static/{name}")

    assert response.status_code in {404, 308}
    assert "Settings" not in response.text
