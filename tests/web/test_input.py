"""D-13: no bytes, on any route, end in a 5xx (safety-case.md, section 5, table 4)."""

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from labelhub.web.access import audience_of
from tests.support.application import ClientAs
from tests.support.routes import served
from tests.support.world import World

HOSTILE_TEXT = [
    "\x00",
    "a\x00b",
    "%00",
    "\u202e\u200b\ufeff",
    "🜁" * 400,
    "9" * 5_000,
    "-1",
    "18446744073709551616",
    "NaN",
    "Infinity",
    "1e309",
    "0000-00-00T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "[" * 10_000,
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "../../etc/passwd",
    "",
    " ",
]
FIELDS = (
    "email", "password", "password_again", "present", "name", "slug", "kind", "role", "zone",
    "organisation", "end", "code", "next", "account", "assignment", "key", "title", "choice",
)  # fmt: skip
BODIES: list[tuple[str, bytes]] = [
    ("application/x-www-form-urlencoded", b"email=%FF%FE&password=%ED%A0%80"),
    ("application/x-www-form-urlencoded", b"email=\xff\xfe"),
    ("application/x-www-form-urlencoded", b"email=%00"),
    ("application/x-www-form-urlencoded", b"&&&===;;;" * 50),
    ("application/x-www-form-urlencoded", b"a=1&" * 2_000),
    ("application/x-www-form-urlencoded", b"email=" + b"x" * 1_500_000),
    ("application/x-www-form-urlencoded", b"email[]=1&email[a][b]=2&email=3&email=4"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"email=+AGE-"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="email"'),
    ("multipart/form-data; boundary=x", b"--y--\r\n"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\xff\xfe\r\n--x--\r\n',
    ),
    (
        "multipart/form-data; boundary=x",
        (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff\x00.csv"'
            b"\r\n\r\na,b\r\n--x--\r\n"
        ),
    ),
    ("multipart/form-data; boundary=\xc3\xa9", b"--\xc3\xa9--"),
    ("application/json", b"[" * 100_000),
    ("application/json", b'{"a": NaN, "a": 1}'),
    ("text/plain", b"email=a"),
    ("", b"\x80\x81"),
]
ADDRESSES = [
    "/%00", "/%ff", "/%ed%a0%80", "/desk/%00", "/desk/%FF", "/invitation/%00",
    "/invitation/" + "x" * 3_000, "/static/%00.css", "/static/%2e%2e/%2e%2e/settings.py",
    "/sign-in?next=%00", "/sign-in?next=%FF", "/sign-in?next=//evil.example",
    "/sign-in?next[]=1&next=2", "/?" + "a=1&" * 500, "/administration/people/not-an-id",
    "/administration/people?after=%00", "/administration/people?after=" + "z" * 3_000,
    "//evil.example/", "/\\evil.example",
]  # fmt: skip
HEADER_LINES = [
    ("Cookie", "labelhub=\x80\xff; labelhub=a; ;=;==; labelhub-notice=x.y.z; labelhub-known=a.b"),
    ("Cookie", "labelhub=" + "a" * 5_000),
    ("Accept-Language", "x" * 2_000 + ";q=a, *;q=9, -;;"),
    ("Accept-Language", "ar-XB-x-\xff"),
    ("User-Agent", "\x01\x7f\xff" * 100),
    ("X-Forwarded-For", "1.2.3.4, not-an-address"),
    ("X-Forwarded-Host", "evil.example"),
    ("Content-Length", "-1"),
    ("Content-Length", "abc"),
    ("If-None-Match", '"' * 500),
    ("Range", "bytes=9999999999999999999-"),
    ("HX-Request", "\xff"),
    ("Accept-Encoding", "gzip;q=x,,;"),
]


@pytest.mark.both_engines
def test_hostile_bodies_never_fail_a_route(app: Flask, client_as: ClientAs, world: World) -> None:
    failed = []
    for client, path in _changes(app, client_as, world):
        for kind, body in BODIES:
            response = client.post(path, data=body, content_type=kind)
            if response.status_code >= 500:
                failed.append((path, kind, body[:40]))
    assert failed == []


@pytest.mark.both_engines
def test_hostile_fields_never_fail_a_route(app: Flask, client_as: ClientAs, world: World) -> None:
    failed = []
    for client, path in _changes(app, client_as, world):
        for text in HOSTILE_TEXT:
            response = client.post(path, data=dict.fromkeys(FIELDS, text))
            if response.status_code >= 500:
                failed.append((path, text[:20]))
    assert failed == []


def _changes(app: Flask, client_as: ClientAs, world: World) -> Iterator[tuple[FlaskClient, str]]:
    """Return each route that takes a change, and a client whom it lets in."""
    clients = {person: client_as(person) for person in world.one_of_each_role}
    for route in served(app, "POST"):
        roles = audience_of(app, route.endpoint).roles
        if route.endpoint != "sign_in.leave":
            yield next(
                (client, route.path)
                for person, client in clients.items()
                if not roles or person.role in roles
            )


@pytest.mark.both_engines
@pytest.mark.parametrize("address", ADDRESSES)
def test_hostile_addresses_are_refused_calmly(
    client_as: ClientAs, world: World, address: str
) -> None:
    for person in (world.farid, world.amina, None):
        for verb in ("GET", "POST"):
            response = client_as(person).open(address, method=verb)
            assert response.status_code < 500, (address, verb)
            assert "evil.example" not in response.headers.get("Location", "")


@pytest.mark.parametrize(("name", "value"), HEADER_LINES)
def test_hostile_headers_are_survived(client: FlaskClient, name: str, value: str) -> None:
    for path in ("/sign-in", "/", "/static/labelhub.css", "/nowhere"):
        environ = {"HTTP_" + name.upper().replace("-", "_"): value}
        if name == "Content-Length":
            environ = {"CONTENT_LENGTH": value}
        assert client.get(path, environ_overrides=environ).status_code < 500, path


def test_another_hosts_name_is_refused(client: FlaskClient) -> None:
    response = client.get("/sign-in", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert "evil.example" not in response.text


def test_too_large_a_body_is_refused_before_it_is_read(client: FlaskClient) -> None:
    response = client.post("/sign-in", data={"email": io.BytesIO(b"x" * 3_000_000)})

    assert response.status_code == 413


@pytest.mark.parametrize("body", [b"email=%00", b"email=%FF", b"email=\xff"])
def test_text_that_no_store_could_keep_is_refused(client: FlaskClient, body: bytes) -> None:
    response = client.post("/sign-in", data=body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400
