"""The pages about limits: what they say, what each button does, and who may press it."""

import json
import re
from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labelhub.domain.vocabulary import PersonId, Role
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.support.application import ClientAs
from tests.support.importing import make_project, rows_of
from tests.support.world import Person, World
from tests.worlds import HandClock

WEEK, DAY = timedelta(days=7), timedelta(hours=24)
SEE_OTHER, REFUSED = HTTPStatus.SEE_OTHER, HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.fixture
def colleague(database: Database, world: World, clock: HandClock) -> dict[Role, Person]:
    """Return a second person for each role that speaks for limits."""
    places = {
        Role.VENDOR_MANAGER: world.vendor,
        Role.ADMINISTRATOR: world.lab,
        Role.RESEARCHER: world.lab,
    }
    made = {}
    with database.writing() as session:
        for role, place in places.items():
            one = Person(PersonId(uuid4()), f"Second{role.value}", role, place)
            session.connection().execute(
                sa.insert(metadata.tables["person"]),
                {"id": one.id, "email": one.email, "name": one.name, "country": "",
                 "zone": "UTC", "locale": "en", "created_at": clock.now()},
            )  # fmt: skip
            session.connection().execute(
                sa.insert(metadata.tables["membership"]),
                {"id": uuid4(), "person_id": one.id, "organisation_id": place, "role": role,
                 "started_at": clock.now()},
            )  # fmt: skip
            session.connection().execute(
                sa.insert(metadata.tables["second_factor"]),
                {"person_id": one.id, "secret": "JBSWY3DPEHPK3PXP", "confirmed_at": clock.now(),
                 "last_step": 0},
            )  # fmt: skip
            made[role] = one
    return made


def told(client: FlaskClient, address: str, **fields: str) -> str:
    """Press a button and return the page that follows."""
    answer = client.post(address, data=fields)
    assert answer.status_code == SEE_OTHER, answer.text
    return client.get(answer.headers["Location"]).text


def pressed(client: FlaskClient, page: str, go: str) -> str:
    """Press a button of the first request on the page; it must be there."""
    form = re.search(
        r'<form method="post" action="([^"]+/[0-9a-f-]{36}[^"]*)".*?</form>', page, re.DOTALL
    )
    assert form, page
    assert f'name="go" value="{go}"' in form.group(0), form.group(0)
    return told(client, form.group(1), go=go)


def settings_of(database: Database) -> list[tuple[str, str]]:
    rows = rows_of(database, "SELECT layer, document FROM policy_setting ORDER BY id")
    return [(row[0], row[1]) for row in rows]


def test_every_limit_is_explained_with_its_value_its_layer_and_its_reason(
    client_as: ClientAs, world: World
) -> None:
    page = client_as(world.amina).get("/limits").text

    for number in range(1, 23):
        assert f"L-{number:02}" in page
    assert "no study has established a safe level" in page
    assert '240 points</strong>, <span class="quiet">set by the installation' in page
    assert "20:00 to 07:00" in page
    assert "Hard content is spread out" in page
    assert "Internet Watch Foundation" in page
    assert "cited from memory" in page


def test_the_values_are_those_of_each_project_the_labeler_joined(
    client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    for slug in ("one", "two"):
        project = make_project(database, world, clock, slug=slug, title=f"Project {slug}")
        with database.writing() as session:
            session.connection().execute(
                sa.insert(metadata.tables["joining"]),
                {"person_id": world.amina.id, "project_id": project.id,
                 "organisation_id": world.vendor, "guidelines_version": 1,
                 "joined_at": clock.now(), "taken": 0, "hard_ps": 0},
            )  # fmt: skip
    told(
        client_as(world.esi), "/limits/projects/one", limit="dose_hour", value="90", go="tighten"
    )  # fmt: skip
    told(client_as(world.chen), "/limits/team", limit="mix", value="3", go="tighten")

    page = client_as(world.amina).get("/limits").text

    assert re.search(r"90 points</strong>, <span[^>]*>set by the project \(<bdi>Project one", page)
    assert re.search(
        r"240 points</strong>, <span[^>]*>set by the installation \(<bdi>Project two", page
    )
    assert '3 items</strong>, <span class="quiet">set by Fair Words' in page


def test_a_labeler_tightens_at_once_and_loosens_by_two_presses_a_day_apart(
    client_as: ClientAs, world: World, clock: HandClock
) -> None:
    client = client_as(world.amina)
    page = told(client, "/limits/tighten", **{"limit-dose_hour": "100"})
    assert "It holds from now on." in page
    assert '100 points</strong>, <span class="quiet">set by you' in page

    page = told(client, "/limits/ask", limit="dose_hour", value="200")
    assert "Nothing changes yet." in page
    assert 'value="confirm"' not in page
    clock.pass_(DAY)
    client = client_as(world.amina)
    page = client.get("/limits").text
    assert '100 points</strong>, <span class="quiet">set by you' in page
    page = pressed(client, page, "confirm")
    assert "It is looser from now on." in page
    assert '200 points</strong>, <span class="quiet">set by you' in page


def test_a_labeler_who_thinks_again_keeps_the_limit_with_one_press(
    client_as: ClientAs, world: World
) -> None:
    client = client_as(world.amina)
    told(client, "/limits/tighten", **{"limit-dose_day": "500"})
    page = told(client, "/limits/ask", limit="dose_day", value="")
    page = pressed(client, page, "withdraw")

    assert "It stays as it is." in page
    assert "What may loosen" not in page


def test_a_labeler_sets_a_highest_severity_and_can_go_back(
    client_as: ClientAs, world: World, clock: HandClock
) -> None:
    client = client_as(world.amina)
    page = told(client, "/limits/tighten", highest="2")
    assert "from day 7 S2 at most" in page or "from day 4 S2 at most" in page
    assert "Now S2 at most" in page

    page = told(client, "/limits/ask", limit="ramp_up", value="")
    clock.pass_(DAY)
    client = client_as(world.amina)
    pressed(client, client.get("/limits").text, "confirm")
    assert "Now S4 at most" in client.get("/limits").text


@pytest.mark.parametrize(
    ("address", "fields", "field"),
    [
        ("/limits/tighten", {"limit-dose_hour": "241"}, "limit-dose_hour"),
        ("/limits/tighten", {"limit-dose_hour": "-1"}, "limit-dose_hour"),
        ("/limits/tighten", {"limit-dose_hour": "1e3"}, "limit-dose_hour"),
        ("/limits/tighten", {"limit-dose_hour": "٣"}, "limit-dose_hour"),
        ("/limits/tighten", {"limit-dose_hour": "9" * 5_000}, "limit-dose_hour"),
        ("/limits/tighten", {"limit-work_break": "9"}, "limit-work_break"),
        ("/limits/tighten", {"limit-work_break": "121"}, "limit-work_break"),
        ("/limits/tighten", {"limit-continuous_work": "0"}, "limit-continuous_work"),
        ("/limits/tighten", {"highest": "4"}, "highest"),
        ("/limits/tighten", {"highest": "0"}, "highest"),
        ("/limits/sleep", {"go": "declare", "begins": "25:00", "ends": "07:00"}, "begins"),
        ("/limits/sleep", {"go": "declare", "begins": "08:00", "ends": ""}, "ends"),
        ("/limits/sleep", {"go": "declare", "begins": "08:00", "ends": "08:30"}, "begins"),
        ("/limits/sleep", {"go": "declare", "begins": "08:00", "ends": "08:00"}, "begins"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_stored(
    client_as: ClientAs, world: World, database: Database, address: str, fields: dict[str, str],
    field: str,
) -> None:  # fmt: skip
    answer = client_as(world.amina).post(address, data=fields)

    assert answer.status_code == REFUSED
    assert f'id="error-{field}"' in answer.text
    assert settings_of(database) == []
    assert rows_of(database, "SELECT * FROM limit_request") == []
    assert rows_of(database, "SELECT * FROM event") == []


@pytest.mark.parametrize("value", ["100", "101", "241", "99", "-5", "x", "1e2"])
def test_no_more_can_be_asked_for_than_lies_between_ones_own_and_what_holds_outside(
    client_as: ClientAs, world: World, database: Database, value: str
) -> None:
    client = client_as(world.amina)
    told(client, "/limits/tighten", **{"limit-dose_hour": "100"})

    answer = client.post("/limits/ask", data={"limit": "dose_hour", "value": value})

    assert answer.status_code == (SEE_OTHER if value == "101" else REFUSED)
    if value != "101":
        assert "A whole number from 101 to 240." in answer.text
        assert rows_of(database, "SELECT * FROM limit_request") == []


@pytest.mark.parametrize("limit", ["dose_hour", "nonsense", "", "night"])
def test_what_is_not_ones_own_cannot_be_asked_for(
    client_as: ClientAs, world: World, database: Database, limit: str
) -> None:
    page = told(client_as(world.amina), "/limits/ask", limit=limit, value="300")

    assert "Nothing has changed" in page
    assert rows_of(database, "SELECT * FROM limit_request") == []


def document(name: str, value: int, unit: str) -> str:
    limits = {name: {"value": value, "unit": unit}}
    return json.dumps({"schema": "labelhub-policy-v1", "limits": limits})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "needed"),
        ("[]", "not a JSON object"),
        ("{", "is not JSON"),
        ('{"schema": "labelhub-policy-v1"}', "is not an object"),
        ('{"schema": "v0", "limits": {}}', "labelhub-policy-v1"),
        ('{"schema": "labelhub-policy-v1", "limits": {"dose": {}}}', "dose unknown"),
        ('{"schema": "labelhub-policy-v1", "limits": {"dose_hour": {"value": 90}}}', "unit"),
        (
            document("dose_hour", -1, "points"),
            "dose_hour: -1 is out of range; allowed: 0 to 400 points (L-02)",
        ),
        (
            document("dose_hour", 401, "points"),
            "looser than the ceiling; allowed: 0 to 400 points (L-02)",
        ),
        (
            document("daily_rest", 660, "minutes"),
            "daily_rest: unit &#39;minutes&#39; is not &#39;hours&#39;",
        ),
        ("[" * 20_000, "no JSON that can be read"),
        ('{"schema": NaN}', "NaN is not a number of JSON"),
        (
            '{"limits": {"mix": 1, "mix": 2}, "schema": "labelhub-policy-v1"}',
            "mix: named twice",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("go", ["tighten", "ask"])
def test_a_document_is_refused_with_the_place_and_the_remedy(
    client_as: ClientAs, world: World, database: Database, text: str, said: str, go: str
) -> None:
    answer = client_as(world.farid).post("/limits/installation", data={"document": text, "go": go})

    assert answer.status_code == REFUSED
    assert said in answer.text
    assert settings_of(database) == []
    assert rows_of(database, "SELECT * FROM limit_request") == []


STAFF = [
    (Role.VENDOR_MANAGER, "/limits/team"),
    (Role.ADMINISTRATOR, "/limits/installation"),
    (Role.RESEARCHER, "/limits/projects/pilot"),
]


@pytest.mark.both_engines
@pytest.mark.parametrize(("role", "address"), STAFF)
def test_staff_tighten_alone_and_loosen_as_two_people_a_week_apart(
    client_as: ClientAs, world: World, database: Database, clock: HandClock, role: Role,
    address: str, colleague: dict[Role, Person],
) -> None:  # fmt: skip
    make_project(database, world, clock)
    first = {Role.VENDOR_MANAGER: world.chen, Role.ADMINISTRATOR: world.farid,
             Role.RESEARCHER: world.esi}[role]  # fmt: skip
    client = client_as(first)
    page = told(client, address, limit="dose_hour", value="100", go="tighten")
    assert "It holds from now on." in page
    page = told(client, address, limit="dose_hour", value="150", go="ask")
    assert "Asked by you" in page
    assert 'value="confirm"' not in page

    clock.pass_(WEEK)
    page = client_as(first).get(address).text
    assert "somebody else has to confirm" in page
    assert 'value="confirm"' not in page
    second = client_as(colleague[role])
    page = second.get(address).text
    assert f"Asked by {first.name}" in page
    page = pressed(second, page, "confirm")
    assert "It is looser from now on." in page
    assert '"value":150' in settings_of(database)[-1][1]


def test_the_second_yes_takes_a_fresh_sign_in(
    client_as: ClientAs, world: World, database: Database, clock: HandClock,
    colleague: dict[Role, Person],
) -> None:  # fmt: skip
    chen, second = client_as(world.chen), colleague[Role.VENDOR_MANAGER]
    told(chen, "/limits/team", limit="dose_hour", value="100", go="tighten")
    page = told(chen, "/limits/team", limit="dose_hour", value="", go="ask")
    address = re.search(r'action="(/limits/team/[^"]+)"', page)
    assert address
    clock.pass_(WEEK)
    client = client_as(second)
    clock.pass_(timedelta(minutes=15))

    page = client.get("/limits/team").text
    assert "sign out and in again" in page
    assert 'value="confirm"' not in page
    page = told(client, address.group(1), go="confirm")
    assert "sign-in of the last 15 minutes" in page
    assert len(settings_of(database)) == 1


def test_labelers_read_from_the_beginning_what_is_going_to_loosen(
    client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    project = make_project(database, world, clock)
    with database.writing() as session:
        session.connection().execute(
            sa.insert(metadata.tables["joining"]),
            {"person_id": world.amina.id, "project_id": project.id,
             "organisation_id": world.vendor, "guidelines_version": 1,
             "joined_at": clock.now(), "taken": 0, "hard_ps": 0},
        )  # fmt: skip
    for person, address in (
        (world.chen, "/limits/team"), (world.esi, "/limits/projects/pilot"),
        (world.farid, "/limits/installation"),
    ):  # fmt: skip
        told(client_as(person), address, limit="dose_hour", value="100", go="tighten")
    told(client_as(world.hana), "/limits/team", limit="mix", value="2", go="tighten")
    told(client_as(world.hana), "/limits/team", limit="mix", value="3", go="ask")
    told(client_as(world.farid), "/limits/installation", limit="dose_hour", value="150", go="ask")

    page = client_as(world.amina).get("/limits").text

    assert "Limits of the installation" in page
    assert "150 points" in page
    assert "A second person may confirm it from" in page
    assert world.farid.name not in page
    assert "Second Reading" not in page
    assert 'value="confirm"' not in page


def test_another_teams_request_does_not_exist(
    client_as: ClientAs, world: World, database: Database, colleague: dict[Role, Person]
) -> None:
    chen = client_as(world.chen)
    told(chen, "/limits/team", limit="dose_hour", value="100", go="tighten")
    page = told(chen, "/limits/team", limit="dose_hour", value="", go="ask")
    found = re.search(r'action="/limits/team/([0-9a-f-]{36})', page)
    assert found
    for person, address in (
        (world.hana, f"/limits/team/{found.group(1)}"),
        (world.farid, f"/limits/installation/{found.group(1)}"),
        (world.amina, f"/limits/requests/{found.group(1)}"),
        (colleague[Role.VENDOR_MANAGER], f"/limits/team/{uuid4()}"),
    ):
        for go in ("confirm", "withdraw"):
            answer = client_as(person).post(address, data={"go": go})
            assert answer.status_code == HTTPStatus.NOT_FOUND, (person.name, go)
    [(decided,)] = rows_of(database, "SELECT decided_at FROM limit_request")
    assert decided is None


def test_a_main_sleep_is_declared_and_taken_back(
    client_as: ClientAs, world: World, clock: HandClock
) -> None:
    client = client_as(world.amina)
    page = told(client, "/limits/sleep", go="declare", begins="09:00", ends="17:00")
    assert "It counts after seven days." in page
    assert "09:00 to 17:00" in page
    assert "No graphic content is shown at night" in page
    page = told(client, "/limits/sleep", go="take-back")
    assert "09:00" not in page
    told(client, "/limits/sleep", go="declare", begins="09:00", ends="17:00")
    clock.pass_(WEEK)
    page = client_as(world.amina).get("/limits").text
    assert "Your main sleep is from 09:00 to 17:00" in page


def test_pages_belong_to_their_roles(client_as: ClientAs, world: World) -> None:
    pages = {
        "/limits": world.amina,
        "/limits/team": world.chen,
        "/limits/installation": world.farid,
    }
    for address, owner in pages.items():
        for person in world.one_of_each_role:
            wanted = 200 if person == owner else 403
            assert client_as(person).get(address).status_code == wanted, (person.name, address)
    assert client_as(world.chen).get("/limits/team?organisation=other").status_code == 404


def test_the_places_lead_to_the_pages(client_as: ClientAs, world: World) -> None:
    assert 'href="/limits"' in client_as(world.amina).get("/").text
    assert 'href="/limits/team"' in client_as(world.chen).get("/").text
    assert 'href="/limits/installation"' in client_as(world.farid).get("/").text


def test_the_words_neither_press_nor_promise(client_as: ClientAs, world: World) -> None:
    client = client_as(world.amina)
    told(client, "/limits/tighten", **{"limit-dose_hour": "100"})
    told(client, "/limits/ask", limit="dose_hour", value="")
    main = client.get("/limits").text.partition("<main")[2]
    words = re.sub(r"<[^>]+>", " ", main).lower()

    assert not re.search(
        r"\b(sorry|unfortunately|really|sure|miss|lose|please|great|well done)\b", words
    )
    assert re.findall(r"[^.]*\bsafe\b[^.]*\.", words) == re.findall(
        r"[^.]*no study has established a safe level\.", words
    )


@pytest.mark.parametrize("go", ["", "loosen", "confirm"])
def test_an_unknown_button_changes_nothing(
    client_as: ClientAs, world: World, database: Database, go: str
) -> None:
    for person, address in ((world.chen, "/limits/team"), (world.amina, "/limits/sleep")):
        answer = client_as(person).post(address, data={"go": go, "limit": "mix", "value": "1"})
        assert answer.status_code == REFUSED
    assert settings_of(database) == []
