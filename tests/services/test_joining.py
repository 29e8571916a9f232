"""Joining a project with the longest names that are allowed."""

from labelhub.domain.vocabulary import Severity
from labelhub.services import joining, projects
from labelhub.store.database import Database
from tests.support.importing import make_project, rows_of
from tests.support.world import World
from tests.worlds import HandClock


def test_a_project_with_the_longest_short_name_can_be_joined(
    database: Database, world: World, clock: HandClock
) -> None:
    slug = "x" * 64
    make_project(
        database, world, clock, slug, max_severity=Severity.S4, content_notice="Everything."
    )
    database.run(
        lambda session: projects.open_to(session, (world.lab,), slug, world.vendor, clock.now())
    )

    joined = database.run(
        lambda session: joining.join(
            session, world.amina.id, slug, {Severity.S2, Severity.S3, Severity.S4}, clock
        )
    )

    assert joined
    consents = rows_of(database, "SELECT preview_version FROM consent ORDER BY severity")
    assert consents == [(f"{slug}:1:4",)] * 3
