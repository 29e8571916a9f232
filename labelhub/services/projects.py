"""Making and changing projects."""

from datetime import datetime

import orjson
from sqlmodel import Session

from labelhub.domain import projects as rules
from labelhub.domain.instruments import harm, preference
from labelhub.domain.projects import (
    Declaration,
    Fault,
    NewProject,
    Problem,
    Project,
    ProjectError,
    Scope,
)
from labelhub.domain.taxonomy import HazardCategory, parse
from labelhub.domain.vocabulary import InstrumentName, OrganisationId, OrganisationKind, PersonId
from labelhub.resources import resource_dir
from labelhub.services import guidelines, installation, projects_progress
from labelhub.store import openings, organisations, policies, projects
from labelhub.store.openings import Team
from labelhub.store.projects import NoSuchProjectError

__all__ = ["NoSuchProjectError", "Team"]

_VERSIONS = {
    InstrumentName.PREFERENCE: preference.VERSION,
    InstrumentName.HARM: harm.VERSION,
}


def create(
    session: Session,
    organisation_id: OrganisationId,
    new: NewProject,
    by: PersonId | None,
    now: datetime,
) -> Project:
    """Make a project of a lab, with the first version of its guidelines.

    Raises:
        ProjectError: something it declares is not acceptable; nothing was made.

    """
    found = [
        *rules.slug_problems(new.slug),
        *rules.problems(new.declared),
        *rules.guidelines_problems(new.guidelines),
        *_lab_problems(session, organisation_id),
    ]
    if not found and projects.slug_taken(session, new.slug):
        found.append(Problem("slug", Fault.TAKEN))
    if found:
        raise ProjectError(tuple(found))
    project_id = projects.add(session, organisation_id, new, _VERSIONS[new.instrument], now)
    project = projects.get(session, (organisation_id,), project_id)
    guidelines.write_first(session, project, new.guidelines, by, now)
    return project


def edit(session: Session, scope: Scope, slug: str, wanted: Declaration) -> Project:
    """Change what a project declares, within `domain.projects.changed`.

    A higher overlap reaches the items of the project afterwards, in short steps:
    `services.publishing.spread_overlap`.

    Raises:
        ProjectError: the change is not acceptable; nothing was changed.

    """
    policies.hold_alone(session)
    project = projects.get_by_slug(session, scope, slug)
    found = rules.changed(project.declared, wanted, projects.begun(session, project))
    if found:
        raise ProjectError(found)
    projects.change(session, project, wanted)
    return projects.get(session, scope, project.id)


def pause(session: Session, scope: Scope, slug: str, now: datetime) -> Project:
    """Stop serving the project's items; what is being worked on can still be submitted."""
    policies.hold_alone(session)
    project = projects.get_by_slug(session, scope, slug)
    if project.paused_at is None:
        projects.pause(session, project, now)
    return projects.get(session, scope, project.id)


def resume(session: Session, scope: Scope, slug: str) -> Project:
    project = projects.get_by_slug(session, scope, slug)
    projects.pause(session, project, None)
    return projects.get(session, scope, project.id)


def open_to(session: Session, scope: Scope, slug: str, team: OrganisationId, now: datetime) -> None:
    """Offer the project to the labelers of a vendor, or of its own lab."""
    project = projects.get_by_slug(session, scope, slug)
    _require_team(session, project, team)
    openings.open_to(session, project, team, now)


def close_to(
    session: Session, scope: Scope, slug: str, team: OrganisationId, now: datetime
) -> None:
    policies.hold_alone(session)
    project = projects.get_by_slug(session, scope, slug)
    _require_team(session, project, team)
    openings.close_to(session, project, team, now)


def teams(session: Session, scope: Scope, slug: str) -> list[Team]:
    return openings.teams(session, projects.get_by_slug(session, scope, slug))


def possible_teams(session: Session, lab: OrganisationId) -> list[Team]:
    """Return whose labelers a new project of this lab could be offered to."""
    return openings.possible(session, lab)


def open_slugs(session: Session, scope: Scope) -> frozenset[str]:
    """Return which projects are offered to anybody and not paused."""
    return openings.open_slugs(session, scope)


def of_slug(session: Session, scope: Scope, slug: str) -> Project:
    return projects.get_by_slug(session, scope, slug)


def belonging_to(session: Session, scope: Scope) -> list[Project]:
    return projects.belonging_to(session, scope)


def for_start(session: Session, scope: Scope) -> list[dict[str, object]]:
    """Return what the start page of a researcher lists."""
    return [
        {
            "slug": each.project.slug,
            "title": each.project.title,
            "instrument": each.project.instrument.value,
            "done": each.accepted,
            "wanted": each.wanted,
        }
        for each in projects_progress.totals(session, scope)
    ]


def scope_of_operator(session: Session, slug: str) -> Scope:
    """Return the scope of a command-line operator for one project: whoever owns it."""
    owner = projects.owner_of(session, slug)
    if owner is None:
        raise NoSuchProjectError(slug)
    return (owner,)


def lab_of_operator(session: Session, slug: str | None) -> OrganisationId:
    """Return the named lab, or the only one there is; the operator's own counts only alone.

    Raises:
        ProjectError: there is no such lab, or no name was given and there are several or none.

    """
    labs = [each for each in organisations.every(session) if each.kind is OrganisationKind.LAB]
    others = [each for each in labs if each.slug != installation.OPERATOR] or labs
    chosen = others if slug is None else [each for each in labs if each.slug == slug]
    if len(chosen) != 1:
        names = ", ".join(each.slug for each in labs) or "none yet"
        raise ProjectError((Problem("organisation", Fault.NO_LAB, f"labs: {names}"),))
    return chosen[0].id


def open_to_named(session: Session, slug: str, team: str, now: datetime) -> None:
    """Offer a project to a team by its short name, for a command-line operator."""
    scope = scope_of_operator(session, slug)
    for each in teams(session, scope, slug):
        if each.slug == team:
            open_to(session, scope, slug, each.id, now)
            return
    raise NoSuchProjectError(team)


def default_hazards() -> tuple[HazardCategory, ...]:
    """Return the categories of MLCommons AILuminate, which a project starts with."""
    path = resource_dir("seed") / "taxonomies" / "ailuminate.json"
    return parse(orjson.loads(path.read_bytes())["categories"])


def _lab_problems(session: Session, organisation_id: OrganisationId) -> list[Problem]:
    organisation = organisations.find(session, organisation_id)
    if organisation is None or organisation.kind is not OrganisationKind.LAB:
        return [Problem("organisation", Fault.NO_LAB)]
    return []


def _require_team(session: Session, project: Project, team: OrganisationId) -> None:
    if not any(each.id == team for each in openings.teams(session, project)):
        raise NoSuchProjectError(str(team))
