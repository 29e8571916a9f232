"""Projects: made whole or not at all, changed within the rules, seen by their own lab only."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from labelhub.domain.projects import Declaration, Fault, NewProject, ProjectError
from labelhub.domain.taxonomy import HazardCategory
from labelhub.domain.vocabulary import InstrumentName, Severity
from labelhub.domain.welfare.policy_file import SCHEMA
from labelhub.services import guidelines, projects, projects_policy
from labelhub.services.projects import NoSuchProjectError
from labelhub.store import projects as store
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.support.importing import make_project, rows_of
from tests.support.world import World
from tests.worlds import HandClock


def faults(error: ProjectError) -> set[tuple[str, Fault]]:
    return {(problem.field, problem.fault) for problem in error.problems}


def test_everything_wrong_is_told_at_once(
    database: Database, world: World, clock: HandClock
) -> None:
    declared = Declaration("", overlap=0, max_severity=Severity.S3, language="?", veil_tier=9)
    new = NewProject("Bad Slug", InstrumentName.HARM, declared, " ")

    with pytest.raises(ProjectError) as refused:
        database.run(lambda session: projects.create(session, world.vendor, new, None, clock.now()))

    assert faults(refused.value) == {
        ("slug", Fault.NOT_A_SLUG),
        ("title", Fault.MISSING),
        ("overlap", Fault.OUT_OF_RANGE),
        ("veil_tier", Fault.OUT_OF_RANGE),
        ("language", Fault.NOT_A_LANGUAGE),
        ("content_notice", Fault.NOTICE_MISSING),
        ("guidelines", Fault.MISSING),
        ("organisation", Fault.NO_LAB),
    }
    assert rows_of(database, "SELECT count(*) FROM project") == [(0,)]


def test_the_default_categories_are_those_of_ailuminate() -> None:
    ids = {each.id for each in projects.default_hazards()}

    # The ids of export-formats.md, section 7.
    assert {"vcr", "ncr", "src", "cse", "dfm", "prv", "ipv", "iwp", "hte", "ssh"} <= ids
    assert {"sxc_prn", "spc_fin", "spc_hlt", "spc_ele"} <= ids


def test_a_project_of_another_lab_cannot_be_reached(
    database: Database, world: World, clock: HandClock
) -> None:
    make_project(database, world, clock)

    for act in (
        lambda session: projects.of_slug(session, (world.vendor,), "pilot"),
        lambda session: projects.pause(session, (world.vendor,), "pilot", clock.now()),
        lambda session: projects.edit(session, (world.vendor,), "pilot", Declaration("Mine")),
        lambda session: projects.open_to(
            session, (world.vendor,), "pilot", world.vendor, clock.now()
        ),
        lambda session: guidelines.write(
            session, (world.vendor,), "pilot", "Mine", None, clock.now()
        ),
    ):
        with pytest.raises(NoSuchProjectError):
            database.run(act)
    with database.reading() as session:
        assert projects.belonging_to(session, ()) == []
        assert projects.belonging_to(session, (world.vendor,)) == []


def test_what_people_agreed_to_does_not_get_harder(
    database: Database, world: World, clock: HandClock
) -> None:
    project = make_project(
        database, world, clock, max_severity=Severity.S2, content_notice="Hate.", veil_tier=2
    )
    join(database, world, project.id, clock)
    harder = replace(project.declared, max_severity=Severity.S3, veil_tier=3)

    with pytest.raises(ProjectError) as refused:
        database.run(lambda session: projects.edit(session, (world.lab,), "pilot", harder))
    milder = replace(project.declared, max_severity=Severity.S1, veil_tier=1)
    database.run(lambda session: projects.edit(session, (world.lab,), "pilot", milder))

    assert faults(refused.value) == {
        ("max_severity", Fault.SEVERITY_RISES),
        ("veil_tier", Fault.VEIL_RISES),
    }
    assert rows_of(database, "SELECT max_severity, veil_tier FROM project") == [(1, 1)]


def test_before_anybody_joins_a_project_may_still_be_declared_harder(
    database: Database, world: World, clock: HandClock
) -> None:
    project = make_project(database, world, clock)
    harder = replace(project.declared, max_severity=Severity.S3, content_notice="Violence.")

    changed = database.run(lambda session: projects.edit(session, (world.lab,), "pilot", harder))

    assert changed.declared.max_severity is Severity.S3


def test_categories_are_added_and_renamed_but_never_removed(
    database: Database, world: World, clock: HandClock
) -> None:
    project = make_project(database, world, clock)
    first, *rest = project.declared.hazards
    renamed = (replace(first, name="Violence"), *rest, HazardCategory("own", "Our own"))

    def change(hazards: tuple[HazardCategory, ...]) -> None:
        wanted = replace(project.declared, hazards=hazards)
        database.run(lambda session: projects.edit(session, (world.lab,), "pilot", wanted))

    change(renamed)
    with pytest.raises(ProjectError):
        change(tuple(rest))

    with database.reading() as session:
        found = projects.of_slug(session, (world.lab,), "pilot").declared.hazards
    assert (found[0].id, found[0].name, found[-1].id) == ("vcr", "Violence", "own")


def test_two_who_write_guidelines_at_once_do_not_overwrite_each_other(
    database: Database, world: World, clock: HandClock
) -> None:
    project = make_project(database, world, clock)
    database.run(lambda session: store.use_guidelines(session, project, 2))

    assert not database.run(lambda session: store.use_guidelines(session, project, 2))


def limits(**hours: int) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "limits": {name: {"value": value, "unit": "points"} for name, value in hours.items()},
    }


def tighten(database: Database, world: World, clock: HandClock, **values: int) -> None:
    database.run(
        lambda session: projects_policy.tighten(
            session, (world.lab,), "pilot", limits(**values), world.esi.id, clock
        )
    )


def in_force(database: Database, world: World, clock: HandClock, name: str) -> int:
    with database.reading() as session:
        project = projects.of_slug(session, (world.lab,), "pilot")
        policy = projects_policy.in_force(session, project, clock)
    return int(getattr(policy, name) // 60)  # kept as point-seconds


def test_a_tighter_limit_stays_when_another_one_is_tightened_later(
    database: Database, world: World, clock: HandClock
) -> None:
    make_project(database, world, clock)

    tighten(database, world, clock, dose_hour=100)
    tighten(database, world, clock, dose_day=500)
    clock.pass_(timedelta(days=30))

    assert in_force(database, world, clock, "dose_hour") == 100
    assert in_force(database, world, clock, "dose_day") == 500


@pytest.mark.parametrize("asked", [101, 200, 400])
def test_one_person_loosens_nothing_and_is_told_the_value_in_force(
    database: Database, world: World, clock: HandClock, asked: int
) -> None:
    make_project(database, world, clock)
    tighten(database, world, clock, dose_hour=100)

    with pytest.raises(projects_policy.LoosensError, match="dose_hour: in force is 100 points"):
        tighten(database, world, clock, dose_day=500, dose_hour=asked)
    clock.pass_(timedelta(days=30))

    assert in_force(database, world, clock, "dose_hour") == 100
    assert in_force(database, world, clock, "dose_day") > 500


def test_each_change_of_limits_is_one_event_of_the_organisation(
    database: Database, world: World, clock: HandClock
) -> None:
    make_project(database, world, clock)
    events = (
        "SELECT payload FROM event JOIN chain ON chain.id = event.chain_id"
        " JOIN event_payload p ON p.chain_id = event.chain_id AND p.seq = event.seq"
        " WHERE kind = 'policy' AND person_id IS NULL ORDER BY event.seq"
    )

    tighten(database, world, clock, dose_hour=100)
    tighten(database, world, clock, dose_hour=100)
    with pytest.raises(projects_policy.LoosensError):
        tighten(database, world, clock, dose_hour=300)
    tighten(database, world, clock, dose_day=500)

    told = [json.loads(payload) for (payload,) in rows_of(database, events)]
    assert [(one["by"], one["tightened"]) for one in told] == [
        (str(world.esi.id), {"dose_hour": {"value": 100, "unit": "points"}}),
        (str(world.esi.id), {"dose_day": {"value": 500, "unit": "points"}}),
    ]


def test_a_limit_looser_than_its_ceiling_is_refused(
    database: Database, world: World, clock: HandClock
) -> None:
    make_project(database, world, clock)

    with pytest.raises(projects_policy.PolicyError, match="ceiling"):
        tighten(database, world, clock, dose_hour=9_999)


def join(database: Database, world: World, project_id: object, clock: HandClock) -> None:
    with database.writing() as session:
        session.connection().execute(
            sa.insert(metadata.tables["joining"]),
            {
                "person_id": world.amina.id, "project_id": project_id,
                "organisation_id": world.vendor, "guidelines_version": 1,
                "joined_at": clock.now(), "taken": 0, "hard_ps": 0,
            },
        )  # fmt: skip
