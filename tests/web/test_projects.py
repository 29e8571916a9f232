"""Projects in the browser: who may, what is refused beside its field, what is never shown."""

import re
from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
import sqlalchemy as sa

from labelhub.domain.projects import Project
from labelhub.domain.vocabulary import OrganisationId, OrganisationKind, Role
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.support.application import ClientAs
from tests.support.importing import make_project, rows_of
from tests.support.world import Person, World
from tests.worlds import HandClock

FORM = {
    "title": "Helpfulness",
    "slug": "helpful",
    "instrument": "preference",
    "overlap": "3",
    "language": "en",
    "text_form": "markdown",
    "guidelines": "# What to do\r\nRead both.",
    "notice": "",
    "highest": "0",
    "veil": "2",
    "hazards": ["hte", "prv"],
    "own_hazards": "rude | Rudeness | Unkind words",
    "open_to": ["vendor"],
    "limit-dose_hour": "100",
}


def test_a_researcher_makes_a_project(
    client_as: ClientAs, world: World, database: Database
) -> None:
    client = client_as(world.esi)
    assert client.get("/projects/create").status_code == HTTPStatus.OK

    made = client.post("/projects/create", data=FORM)

    assert (made.status_code, made.location) == (HTTPStatus.SEE_OTHER, "/projects/helpful")
    [found] = rows_of(database, "SELECT title, overlap, hazards, organisation_id FROM project")
    assert found[:2] == ("Helpfulness", 3)
    assert [code in found[2] for code in ("hte", "prv", "rude", "vcr")] == [True, True, True, False]
    assert rows_of(database, "SELECT version, markdown, html FROM guidelines") == [
        (1, "# What to do\nRead both.", "<h1>What to do</h1>\n<p>Read both.</p>\n")
    ]
    assert len(rows_of(database, "SELECT * FROM project_opening")) == 1
    [(layer, document)] = rows_of(database, "SELECT layer, document FROM policy_setting")
    assert layer == "project"
    assert "100" in document
    for path in ("/projects", "/projects/helpful", "/projects/helpful/guidelines", "/"):
        page = client.get(path)
        assert page.status_code == HTTPStatus.OK
        assert "Helpfulness" in page.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("slug", "No Spaces"),
        ("slug", "-x"),
        ("overlap", "0"),
        ("overlap", "51"),
        ("overlap", "many"),
        ("instrument", "ranking"),
        ("language", "not a tag"),
        ("guidelines", "  "),
        ("highest", "9"),
        ("notice", "x" * 5_000),
        ("own_hazards", "no id at all"),
        ("own_hazards", "hte | Hate again | twice"),
        ("limit-dose_hour", "9999"),
        ("limit-dose_hour", "x"),
        ("text_form", "html"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    client_as: ClientAs, world: World, database: Database, field: str, value: str
) -> None:
    client = client_as(world.esi)

    answer = client.post("/projects/create", data={**FORM, field: value})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    shown = "hazards" if value.startswith("hte |") else field
    assert f'href="#field-{shown}"' in answer.text
    assert "Read both." in answer.text or field == "guidelines"
    assert rows_of(database, "SELECT count(*) FROM project") == [(0,)]


def test_hard_texts_need_a_notice(client_as: ClientAs, world: World, database: Database) -> None:
    client = client_as(world.esi)

    answer = client.post("/projects/create", data={**FORM, "highest": "3"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'href="#field-notice"' in answer.text


def test_a_short_name_is_taken_once(client_as: ClientAs, world: World) -> None:
    client = client_as(world.esi)
    client.post("/projects/create", data=FORM)

    again = client.post("/projects/create", data=FORM)

    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'href="#field-slug"' in again.text


@pytest.fixture
def stranger(database: Database, world: World, clock: HandClock) -> Person:
    """Return a researcher of another lab."""
    other = OrganisationId(uuid4())
    rows = {
        "organisation": {
            "id": other, "slug": "rival", "name": "Rival Lab", "kind": OrganisationKind.LAB,
            "created_at": clock.now(),
        },
        "membership": {
            "id": uuid4(), "person_id": world.gita.id, "organisation_id": other,
            "role": Role.RESEARCHER, "started_at": clock.now(),
        },
    }  # fmt: skip
    with database.writing() as session:
        for table, row in rows.items():
            session.connection().execute(sa.insert(metadata.tables[table]), row)
    return Person(world.gita.id, world.gita.name, Role.RESEARCHER, other)


PATHS = ("", "/guidelines", "/settings", "/import", f"/import/{uuid4()}", f"/import/{uuid4()}/rows")
POSTS = ("/guidelines", "/settings", "/pause", "/resume", "/teams", "/limits", "/import")


def test_another_labs_project_does_not_exist(
    client_as: ClientAs, world: World, clock: HandClock, database: Database, stranger: Person
) -> None:
    make_project(database, world, clock)
    client = client_as(stranger)
    before = rows_of(database, "SELECT * FROM project")

    for slug in ("pilot", "no-such-project"):
        for path in PATHS:
            assert client.get(f"/projects/{slug}{path}").status_code == HTTPStatus.NOT_FOUND, path
        for path in POSTS:
            sent = client.post(f"/projects/{slug}{path}", data={"text": "New.", "team": "vendor"})
            assert sent.status_code == HTTPStatus.NOT_FOUND, path

    assert rows_of(database, "SELECT * FROM project") == before
    assert "Pilot" not in client.get("/projects").text


def test_guidelines_have_versions_and_nobody_loses_one(
    client_as: ClientAs, world: World, clock: HandClock, database: Database
) -> None:
    make_project(database, world, clock)
    client = client_as(world.esi)

    written = client.post("/projects/pilot/guidelines", data={"text": "Better <b>words</b>."})
    same = client.post("/projects/pilot/guidelines", data={"text": "Better <b>words</b>."})
    empty = client.post("/projects/pilot/guidelines", data={"text": " "})

    assert (written.status_code, same.status_code) == (HTTPStatus.SEE_OTHER, HTTPStatus.SEE_OTHER)
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert rows_of(database, "SELECT version FROM guidelines ORDER BY version") == [(1,), (2,)]
    page = client.get("/projects/pilot/guidelines").text
    assert "&lt;b&gt;" in page
    assert "<b>words" not in page
    assert world.esi.name in page


def test_settings_change_within_the_rules(
    client_as: ClientAs, world: World, clock: HandClock, database: Database
) -> None:
    project = make_project(database, world, clock, overlap=2)
    client = client_as(world.esi)
    page = client.get("/projects/pilot/settings")
    assert page.status_code == HTTPStatus.OK
    hazards = "\n".join(f"{each.id} | {each.name}" for each in project.declared.hazards)
    wanted = {
        "title": "Pilot two",
        "overlap": "5",
        "language": "en",
        "text_form": "plain",
        "notice": "",
        "highest": "0",
        "veil": "2",
        "own_hazards": hazards,
    }

    assert client.post("/projects/pilot/settings", data=wanted).status_code == HTTPStatus.SEE_OTHER
    fewer = {**wanted, "own_hazards": "hte | Hate"}
    assert client.post("/projects/pilot/settings", data=fewer).status_code == 422

    assert rows_of(database, "SELECT title, overlap FROM project") == [("Pilot two", 5)]


def test_a_project_is_paused_and_goes_on(
    client_as: ClientAs, world: World, clock: HandClock, database: Database
) -> None:
    make_project(database, world, clock)
    client = client_as(world.esi)

    client.post("/projects/pilot/pause")
    assert rows_of(database, "SELECT count(*) FROM project WHERE paused_at IS NOT NULL") == [(1,)]
    assert "Paused" in client.get("/projects/pilot").text
    client.post("/projects/pilot/resume")
    assert rows_of(database, "SELECT count(*) FROM project WHERE paused_at IS NOT NULL") == [(0,)]


def test_a_project_is_opened_to_a_team_and_closed(
    client_as: ClientAs, world: World, clock: HandClock, database: Database
) -> None:
    make_project(database, world, clock)
    client = client_as(world.esi)

    client.post("/projects/pilot/teams", data={"team": "vendor", "go": "open"})
    assert "Fair Words" in client.get("/projects/pilot").text
    client.post("/projects/pilot/teams", data={"team": "vendor", "go": "close"})
    assert rows_of(database, "SELECT count(*) FROM project_opening WHERE closed_at IS NULL") == [
        (0,)
    ]
    nobody = client.post("/projects/pilot/teams", data={"team": "nobody", "go": "open"})
    assert nobody.status_code == HTTPStatus.NOT_FOUND


def test_a_limit_tightens_at_once_and_an_empty_field_changes_nothing(
    client_as: ClientAs, world: World, clock: HandClock, database: Database
) -> None:
    make_project(database, world, clock)
    client = client_as(world.esi)

    for field, value in (("limit-dose_hour", "50"), ("limit-dose_day", "400")):
        sent = client.post("/projects/pilot/limits", data={field: value})
        assert sent.status_code == HTTPStatus.SEE_OTHER
    clock.pass_(timedelta(days=8))
    client.post("/projects/pilot/limits", data={})

    page = client_as(world.esi).get("/projects/pilot/settings").text
    assert "Now 50 points." in page
    assert "Now 400 points." in page


def test_a_looser_limit_is_refused_naming_the_value_in_force(
    client_as: ClientAs, world: World, clock: HandClock, database: Database
) -> None:
    make_project(database, world, clock)
    client = client_as(world.esi)
    client.post("/projects/pilot/limits", data={"limit-dose_hour": "50"})

    refused = client.post("/projects/pilot/limits", data={"limit-dose_hour": "90"})

    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "In force is 50." in refused.text
    assert len(rows_of(database, "SELECT * FROM policy_setting")) == 1


SETTINGS = {
    "title": "Pilot", "overlap": "1", "language": "en", "text_form": "markdown", "notice": "",
    "highest": "0", "veil": "2",
}  # fmt: skip


def hazards_of(project: Project) -> str:
    return "\n".join(f"{each.id} | {each.name}" for each in project.declared.hazards)


def test_what_labelers_are_told_about_pay_is_set_and_outlives_other_changes(
    client_as: ClientAs, world: World, clock: HandClock, database: Database
) -> None:
    project = make_project(database, world, clock)
    client = client_as(world.esi)
    form = {**SETTINGS, "own_hazards": hazards_of(project)}
    told = {"pay_note": "12.40 € an hour, for all time", "summary": "Two answers.\r\nWhich?"}
    told_of = "SELECT title, pay_note, summary FROM project"

    client.post("/projects/pilot/settings", data={**form, **told})
    page = client.get("/projects/pilot/settings").text
    client.post("/projects/pilot/settings", data={**form, "title": "Second pilot"})

    assert told["pay_note"] in page
    assert rows_of(database, told_of) == [
        ("Second pilot", "12.40 € an hour, for all time", "Two answers.\nWhich?")
    ]
    client.post("/projects/pilot/settings", data={**form, "pay_note": "", "summary": ""})
    assert rows_of(database, told_of) == [("Pilot", "", "")]


def test_a_new_project_says_what_is_paid(
    client_as: ClientAs, world: World, database: Database
) -> None:
    client_as(world.esi).post("/projects/create", data={**FORM, "pay_note": "12.40 € an hour"})

    assert rows_of(database, "SELECT pay_note FROM project") == [("12.40 € an hour",)]


def test_too_long_a_word_on_pay_is_refused_beside_its_field(
    client_as: ClientAs, world: World, database: Database
) -> None:
    answer = client_as(world.esi).post("/projects/create", data={**FORM, "pay_note": "x" * 201})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'href="#field-pay_note"' in answer.text


def test_a_project_without_a_veil_can_be_saved_and_may_get_one(
    client_as: ClientAs, world: World, clock: HandClock, database: Database
) -> None:
    project = make_project(database, world, clock, veil_tier=5)
    client = client_as(world.esi)
    form = {**SETTINGS, "own_hazards": hazards_of(project)}
    veil = "SELECT veil_tier FROM project"
    assert ">Nothing</option>" in client.get("/projects/pilot/settings").text

    assert client.post("/projects/pilot/settings", data={**form, "veil": "5"}).status_code == 303
    assert rows_of(database, veil) == [(5,)]
    assert client.post("/projects/pilot/settings", data={**form, "veil": "2"}).status_code == 303
    assert rows_of(database, veil) == [(2,)]


def test_no_form_takes_a_veil_away_and_every_tier_it_offers_is_taken(
    client_as: ClientAs, world: World, clock: HandClock, database: Database
) -> None:
    project = make_project(database, world, clock)
    client = client_as(world.esi)
    page = client.get("/projects/pilot/settings").text
    offered = re.findall(
        r'<option value="(\d)"', page.partition('name="veil"')[2].partition("</select>")[0]
    )

    assert offered == ["1", "2", "3", "4"]
    for tier in (*offered, "5"):
        form = {**SETTINGS, "own_hazards": hazards_of(project), "veil": tier}
        sent = client.post("/projects/pilot/settings", data=form)
        assert sent.status_code == (303 if tier in offered else 422), tier


def test_a_researcher_of_two_labs_chooses_whose_project_it_is(
    client_as: ClientAs, world: World, clock: HandClock, database: Database, stranger: Person
) -> None:
    row = {
        "id": uuid4(), "person_id": stranger.id, "organisation_id": world.lab,
        "role": Role.RESEARCHER, "started_at": clock.now(),
    }  # fmt: skip
    with database.writing() as session:
        session.connection().execute(sa.insert(metadata.tables["membership"]), row)
    client = client_as(stranger)
    page = client.get("/projects/create?organisation=rival").text
    assert 'action="/projects/create?organisation=rival"' in page
    assert 'href="/projects/create?organisation=lab"' in page

    client.post("/projects/create?organisation=rival", data=FORM)
    client.post("/projects/create", data={**FORM, "slug": "first"})

    owners = (
        "SELECT p.slug, o.slug FROM project p JOIN organisation o ON o.id = p.organisation_id"
        " ORDER BY p.slug"
    )
    assert rows_of(database, owners) == [("first", "lab"), ("helpful", "rival")]
    assert client.get("/projects/create?organisation=vendor").status_code == 404
