"""Whose projects this person may see: those of the labs in which they research."""

from http import HTTPStatus

from flask import abort

from labelhub.domain.projects import Project, Scope
from labelhub.domain.vocabulary import Role
from labelhub.services import projects
from labelhub.services.projects import NoSuchProjectError
from labelhub.web.context import current_person, read


def scope() -> Scope:
    return current_person().organisations(Role.RESEARCHER)


def project_or_404(slug: str) -> Project:
    """Return the project, or answer as if it did not exist: somebody else's does not (S-1)."""
    mine = scope()
    try:
        return read(lambda session: projects.of_slug(session, mine, slug))
    except NoSuchProjectError:
        abort(HTTPStatus.NOT_FOUND)
