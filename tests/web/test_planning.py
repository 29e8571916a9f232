"""The capacity plan in the browser: a form, a result with charts and tables, nothing stored."""

import re
from http import HTTPStatus
from pathlib import Path

import pytest
import sqlalchemy as sa

from labelhub.domain.vocabulary import Severity
from labelhub.store.database import Database
from labelhub.tables import metadata
from labelhub.web import planning
from tests.support.application import ClientAs
from tests.support.importing import comparison, import_rows, make_project, write_rows
from tests.support.world import World
from tests.worlds import HandClock

FORM = {
    "a-people": "3", "a-experience": "all", "a-from": "09:00", "a-hours": "8",
    "a-week": "weekdays", "a-agrees": ["2", "3"], "a-mild": "yes",
    "b-people": "", "b-experience": "new", "b-from": "09:00", "b-hours": "8",
    "b-week": "weekdays", "continuing": "80", "seed": "7",
}  # fmt: skip


@pytest.fixture
def waiting(database: Database, world: World, clock: HandClock, tmp_path: Path) -> None:
    """Make a project with forty items to rate."""
    project = make_project(
        database, world, clock, overlap=1, max_severity=Severity.S2, content_notice="Some hate."
    )
    path = write_rows(tmp_path / "rows.jsonl", [comparison(number) for number in range(40)])
    import_rows(database, project, path, clock)


def test_a_researcher_plans_a_project(client_as: ClientAs, world: World, waiting: None) -> None:
    client = client_as(world.esi)
    assert "Capacity plan" in client.get("/projects/pilot").text
    assert client.get("/projects/pilot/plan").status_code == HTTPStatus.OK

    answer = client.post("/projects/pilot/plan", data=FORM)

    assert answer.status_code == HTTPStatus.OK
    said = re.sub(r"\s+", " ", answer.text)
    assert "40 ratings with 3 people" in said
    assert "precautionary; no study has established a safe level" in said
    assert "seed 7" in said
    assert '<polygon points="' in said
    assert said.count("<tbody>") >= 3
    assert "labelhub-team-v1" in said
    assert 'value="3"' in said  # what was typed stays


def test_the_same_seed_gives_the_same_page(
    client_as: ClientAs, world: World, waiting: None
) -> None:
    client = client_as(world.esi)

    def curve(seed: str) -> str:
        page = client.post("/projects/pilot/plan", data=FORM | {"seed": seed}).text
        found = re.search(r'<polygon points="[^"]*"', page)
        assert found
        return found[0]

    assert curve("7") == curve("7")


def test_a_plan_stores_nothing(
    client_as: ClientAs, world: World, waiting: None, database: Database
) -> None:
    client = client_as(world.esi)
    before = counts(database)

    client.post("/projects/pilot/plan", data=FORM)

    assert counts(database) == before


def counts(database: Database) -> list[int]:
    """Return how many rows each table has."""
    with database.reading() as session:
        return [
            session.connection().execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("a-people", ""),
        ("a-people", "0"),
        ("a-people", "-3"),
        ("a-people", "501"),
        ("a-people", "ten"),
        ("a-hours", "0"),
        ("a-hours", "480"),
        ("a-experience", "master"),
        ("a-from", "9"),
        ("a-week", "always"),
        ("a-agrees", "0"),
        ("b-people", "x"),
        ("continuing", "101"),
        ("continuing", "0.8"),
        ("seed", "-1"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    client_as: ClientAs, world: World, waiting: None, field: str, value: str
) -> None:
    answer = client_as(world.esi).post("/projects/pilot/plan", data=FORM | {field: value})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'href="#field-{field}"' in answer.text
    assert "<polygon" not in answer.text


def test_two_groups_are_too_many_together(client_as: ClientAs, world: World, waiting: None) -> None:
    answer = client_as(world.esi).post(
        "/projects/pilot/plan", data=FORM | {"a-people": "300", "b-people": "300"}
    )

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "500" in answer.text


def test_nothing_left_is_said(
    client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    make_project(database, world, clock)

    answer = client_as(world.esi).post("/projects/pilot/plan", data=FORM)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "nothing is left to rate" in answer.text


def test_one_plan_is_made_at_a_time(client_as: ClientAs, world: World, waiting: None) -> None:
    client = client_as(world.esi)
    with planning._ONE_AT_A_TIME:
        answer = client.post("/projects/pilot/plan", data=FORM)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Another plan" in answer.text
    assert client.post("/projects/pilot/plan", data=FORM).status_code == HTTPStatus.OK


def test_a_team_that_never_ends_is_told_so(
    client_as: ClientAs, world: World, database: Database, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(
        database, world, clock, overlap=4, max_severity=Severity.S2, content_notice="Some hate."
    )
    path = write_rows(tmp_path / "rows.jsonl", [comparison(number) for number in range(5)])
    import_rows(database, project, path, clock)

    answer = client_as(world.esi).post("/projects/pilot/plan", data=FORM)

    assert answer.status_code == HTTPStatus.OK
    assert "This does not end with 3 people: 5 of 20 ratings are left" in answer.text


@pytest.mark.parametrize("who", ["amina", "chen", "dara", "farid"])
def test_others_find_no_plan(client_as: ClientAs, world: World, waiting: None, who: str) -> None:
    client = client_as(getattr(world, who))

    assert client.get("/projects/pilot/plan").status_code == HTTPStatus.NOT_FOUND
    assert client.post("/projects/pilot/plan", data=FORM).status_code == HTTPStatus.NOT_FOUND
