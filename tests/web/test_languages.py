"""Every visible string goes through gettext, and pages can be read from right to left."""

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.support.application import ClientAs
from tests.support.world import World


def test_english_is_the_first_language(client: FlaskClient) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": "fr;q=0.9"}).text

    assert '<html lang="en" dir="ltr">' in page


def test_the_mirrored_language_is_laid_out_from_the_right(client: FlaskClient) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": "ar-XB"}).text

    assert '<html lang="ar-XB" dir="rtl">' in page
    assert "\u202eSign in\u202c" in page


@pytest.mark.parametrize("asked", ["ar", "ar-EG", "ar, ar-XB", "*"])
def test_nobody_who_reads_arabic_is_sent_to_it(client: FlaskClient, asked: str) -> None:
    assert 'dir="ltr"' in client.get("/sign-in", headers={"Accept-Language": asked}).text


def test_the_persons_own_language_counts_before_the_browsers(
    client_as: ClientAs, world: World, database: Database
) -> None:
    with database.writing() as session:
        session.connection().execute(
            sa.update(metadata.tables["person"])
            .where(metadata.tables["person"].c.id == world.farid.id)
            .values(locale="ar-XB")
        )

    page = client_as(world.farid).get("/", headers={"Accept-Language": "en"}).text

    assert 'dir="rtl"' in page


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("farid", "/administration/people"),
        ("farid", "/administration/organisations"),
        ("farid", "/"),
        ("chen", "/roster"),
        ("amina", "/account/sessions"),
        ("amina", "/account/password"),
        ("amina", "/account/second-factor"),
        (None, "/sign-in"),
        (None, "/nowhere"),
    ],
)
def test_no_sentence_escapes_translation(
    client_as: ClientAs, world: World, database: Database, who: str | None, path: str
) -> None:
    """What is not data appears only between the marks of the mirrored language."""
    with database.writing() as session:
        session.connection().execute(sa.update(metadata.tables["person"]).values(locale="ar-XB"))
    client = client_as(getattr(world, who) if who else None)

    page = client.get(path, headers={"Accept-Language": "ar-XB"}).text

    body = re.sub(r"<(bdi|td class=.code.|p class=.code secret.)[^>]*>[^<]*", " ", page)
    body = re.sub(r"\u202e[^\u202c]*\u202c", " ", body[body.index("<body") :])
    said = re.sub(r"<[^>]+>", " ", body)
    said += " ".join(re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]*)"', body))
    words = set(re.findall(r"[A-Za-z]{4,}", said)) - {"LabelHub", *_data(world)}
    assert words == set()


def _data(world: World) -> set[str]:
    """Return the words on these pages that are names and no sentences."""
    names = {person.name for person in world.everyone}
    return names | {"Open", "Fair", "Words", "Second", "Reading", "Operator", "Test", "browser"}
