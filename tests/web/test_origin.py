"""S-4: safe methods change nothing; changes come from our own pages only."""

import hashlib
from collections.abc import Collection

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import Client

from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.support.application import ClientAs, sign_in
from tests.support.routes import served
from tests.support.world import World
from tests.worlds import HandClock

FROM_ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin, cross-site"},
    {"Sec-Fetch-Site": "", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
    {"Origin": "https://localhost"},
    {"Origin": "http://[bad"},
    {"Referer": "http://localhost/"},
    {},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
def test_no_route_takes_a_change_from_elsewhere(
    app: Flask, world: World, headers: dict[str, str], database: Database, clock: HandClock
) -> None:
    client = Client(app)  # adds no header of its own
    sign_in(client, database, world.farid, clock)
    before = contents(database)
    for route in served(app, "POST"):
        if route.endpoint == "reports.policy":
            continue  # browsers send these from no page; nothing is changed by them
        response = client.post(route.path, headers=headers)
        assert response.status_code == 403, route.path
    assert contents(database) == before


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}], ids=str
)
def test_our_own_pages_may_change_things(
    app: Flask, world: World, headers: dict[str, str], database: Database, clock: HandClock
) -> None:
    client = Client(app)
    sign_in(client, database, world.farid, clock)

    assert client.post("/sign-out", headers=headers).status_code == 303


LINKS = {"sign_in.invitation", "sign_in.reset"}
"""A wrong link is counted, so that guessing can be held back; nothing else changes."""


TOLD = {"record_look"}
"""Who looked at what is held about a person is written down for that person (T-13)."""


@pytest.mark.both_engines
def test_looking_at_every_page_changes_nothing(
    app: Flask, client_as: ClientAs, world: World, database: Database
) -> None:
    clients = [client_as(person) for person in (*world.one_of_each_role, None)]
    before = contents(database, TOLD)
    for client in clients:
        for verb in ("GET", "HEAD", "OPTIONS"):
            for route in served(app, verb):
                if route.endpoint not in LINKS:
                    client.open(route.path, method=verb)
    assert contents(database, TOLD) == before


def contents(database: Database, without: Collection[str] = ()) -> dict[str, str]:
    """Return a checksum of every table but those named."""
    sums = {}
    with database.reading() as session:
        for table in (one for one in metadata.sorted_tables if one.name not in without):
            rows = sorted(str(row) for row in session.connection().execute(sa.select(table)))
            sums[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return sums
