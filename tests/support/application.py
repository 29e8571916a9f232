"""The application on a test's database, and clients that are signed in as somebody."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from labelhub.app import create_app
from labelhub.domain.vocabulary import SEES_OTHERS
from labelhub.services import sign_ins
from labelhub.settings import Settings
from labelhub.store.database import Database
from labelhub.web.context import EXTENSION
from tests.support.world import Person, World
from tests.worlds import HandClock

SECRET_KEY = "tests-Xq3-0ZkWm8vJ1rUy5sLd9PbNf2HgTcAeR7iOx4"

ClientAs = Callable[[Person | None], FlaskClient]


class OwnPages(FlaskClient):
    """A client that behaves like a browser on our own pages: it says so in a header."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("Sec-Fetch-Site", "same-origin")
        return super().open(*args, headers=headers, **kwargs)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path,
        database_url=database.url.render_as_string(hide_password=False),
        secret_key=SECRET_KEY,
    )


@pytest.fixture
def app(settings: Settings, clock: HandClock) -> Iterator[Flask]:
    application = make_app(settings, clock)
    yield application
    application.extensions[EXTENSION].database.dispose()


def make_app(settings: Settings, clock: HandClock) -> Flask:
    application = create_app(settings, clock)
    application.test_client_class = OwnPages
    return application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client nobody is signed in with."""
    return app.test_client()


@pytest.fixture
def client_as(app: Flask, database: Database, world: World, clock: HandClock) -> ClientAs:
    """Return a function that makes a client signed in as a person, second factor proven."""

    def make(person: Person | None) -> FlaskClient:
        client = app.test_client()
        if person is not None:
            sign_in(client, database, person, clock)
        return client

    return make


def sign_in(client: Client, database: Database, person: Person, clock: HandClock) -> str:
    """Give a client a sign-in of this person, without the cost of a password; return its token."""
    token = token_for(database, person, clock)
    client.set_cookie("labelhub", token, domain="localhost")
    return token


def token_for(database: Database, person: Person, clock: HandClock) -> str:
    proven = clock.now() if person.role in SEES_OTHERS else None
    return database.run(
        lambda session: sign_ins.start(
            session,
            person.id,
            "Test browser",
            (SECRET_KEY,),
            clock.now(),
            second_factor_at=proven,
        )
    )
