"""Writing guidelines and reading their versions."""

from datetime import datetime

from sqlmodel import Session

from labelhub.domain import projects as rules
from labelhub.domain.projects import Project, ProjectError, Scope
from labelhub.domain.vocabulary import PersonId
from labelhub.rendering import render
from labelhub.store import guidelines, projects
from labelhub.store.guidelines import GuidelinesVersion

__all__ = ["ConflictError", "GuidelinesVersion"]


class ConflictError(RuntimeError):
    """Somebody else wrote a new version meanwhile; nothing was stored."""


def write_first(
    session: Session, project: Project, markdown: str, by: PersonId | None, now: datetime
) -> None:
    guidelines.append(session, project, 1, markdown, _html(markdown), by, now)


def write(
    session: Session, scope: Scope, slug: str, markdown: str, by: PersonId | None, now: datetime
) -> Project:
    """Add the next version. Nobody is interrupted: it holds from the next item on.

    A text equal to the version in force adds nothing.

    Raises:
        ProjectError: the text cannot be guidelines.
        ConflictError: another version was written at the same moment.

    """
    project = projects.get_by_slug(session, scope, slug)
    if found := rules.guidelines_problems(markdown):
        raise ProjectError(found)
    current = guidelines.find(session, project, project.guidelines_version)
    if current is not None and current.markdown == markdown:
        return project
    version = project.guidelines_version + 1
    if not projects.use_guidelines(session, project, version):
        raise ConflictError(slug)
    guidelines.append(session, project, version, markdown, _html(markdown), by, now)
    return projects.get(session, scope, project.id)


def of(session: Session, project: Project, version: int | None = None) -> GuidelinesVersion | None:
    """Return one version, or the one in force."""
    return guidelines.find(session, project, version or project.guidelines_version)


def history(session: Session, project: Project) -> list[GuidelinesVersion]:
    return guidelines.history(session, project)


def ratings_by_version(session: Session, project: Project) -> dict[int, int]:
    """Return how many ratings were given under each version."""
    return guidelines.ratings_by_version(session, project)


def _html(markdown: str) -> str:
    return render(markdown, "markdown").html
