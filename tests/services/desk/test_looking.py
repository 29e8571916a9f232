"""Looking changes nothing and shows no text: by the service, and by GET of the page (S-4, W-4)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labelhub.services import desk as desks
from labelhub.services import sign_ins
from labelhub.settings import Settings
from labelhub.store.database import Database
from labelhub.tables import metadata
from labelhub.web.context import EXTENSION
from tests.canary import MARK
from tests.services.desk.room import Room, furnish
from tests.support.application import SECRET_KEY, make_app
from tests.worlds import HandClock

WRITTEN_BY_SIGN_IN = {"sign_in"}  # when it was last seen


@pytest.fixture
def room(database: Database, clock: HandClock) -> Room:
    return furnish(database, clock)


@pytest.fixture
def client(room: Room, tmp_path: Path) -> Iterator[FlaskClient]:
    url = room.database.url.render_as_string(hide_password=False)
    app = make_app(Settings(data=tmp_path, database_url=url, secret_key=SECRET_KEY), room.clock)
    token = room.run(
        lambda s: sign_ins.start(
            s, room.who(), "Test", (SECRET_KEY,), room.clock.now(), second_factor_at=None
        )
    )
    signed_in = app.test_client()
    signed_in.set_cookie("labelhub", token, domain="localhost")
    yield signed_in
    app.extensions[EXTENSION].database.dispose()


def _everything(room: Room) -> dict[str, list[tuple[object, ...]]]:
    with room.database.reading() as session:
        return {
            table.name: sorted(map(tuple, session.connection().execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in WRITTEN_BY_SIGN_IN
        }


@pytest.mark.parametrize("shown", [False, True])
def test_getting_the_page_shows_no_text_and_changes_nothing(
    room: Room, client: FlaskClient, *, shown: bool
) -> None:
    if shown:
        room.shown()
    before = _everything(room)
    response = client.get(f"/desk/{room.desk.slug}")
    assert response.status_code == 200
    assert not MARK.search(response.data)
    assert _everything(room) == before


def test_posting_shows_the_text_after_its_exposure(room: Room, client: FlaskClient) -> None:
    response = client.post(f"/desk/{room.desk.slug}/next")
    (exposure,) = room.rows("exposure")
    assert MARK.findall(response.data)
    assert set(MARK.findall(response.data)) == {exposure.item_id.hex.encode()}


@pytest.mark.parametrize("act", ["next", "reveal", "submit", "undo", "decline", "break", "draft"])
def test_no_act_is_done_by_get(room: Room, client: FlaskClient, act: str) -> None:
    before = _everything(room)
    assert client.get(f"/desk/{room.desk.slug}/{act}").status_code in {404, 405}
    assert _everything(room) == before


def test_looking_by_the_service_changes_nothing(room: Room) -> None:
    room.shown()
    before = _everything(room)
    seen = room.run(lambda s: desks.look(s, room.who(), room.desk.slug, room.clock))
    assert isinstance(seen.outcome, desks.Ready)
    assert seen.outcome.resuming
    assert _everything(room) == before
