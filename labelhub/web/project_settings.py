"""Changing a project: what it declares, to whom it is open, its pause, its tighter limits."""

from http import HTTPStatus
from typing import Any

from flask import Response, abort, request, url_for

from labelhub.domain.projects import Project, ProjectError
from labelhub.domain.vocabulary import Role
from labelhub.services import projects, projects_policy, publishing
from labelhub.services.projects import NoSuchProjectError
from labelhub.services.projects_policy import PolicyError
from labelhub.web import pages, project_limits
from labelhub.web.access import audience
from labelhub.web.context import clock, current_person, database, now, read, transact
from labelhub.web.languages import gettext as _
from labelhub.web.project_form import ProjectFields, as_form, declaration, veil_tiers
from labelhub.web.project_scope import project_or_404, scope


@audience(Role.RESEARCHER)
def form(slug: str) -> Response:
    project = project_or_404(slug)
    fields = ProjectFields()
    fields.values.update(as_form(project.declared))
    return _form(project, fields)


def _form(project: Project, fields: ProjectFields, status: int = HTTPStatus.OK) -> Response:
    teams_of = read(lambda session: projects.teams(session, scope(), project.slug))
    in_force = read(lambda session: projects_policy.in_force(session, project, clock()))
    form_values = {**as_form(project.declared), **fields.as_typed()}
    return pages.render(
        "projects/edit.html",
        status=status,
        project={
            "slug": project.slug,
            "title": project.title,
            "paused": project.paused_at is not None,
        },
        form=form_values,
        errors=fields.errors,
        veil_tiers=veil_tiers(project.declared),
        teams=[
            {"slug": each.slug, "name": each.name, "open_since": each.open_since}
            for each in teams_of
        ],
        limits=project_limits.offered(in_force),
    )


@audience(Role.RESEARCHER)
def edit(slug: str) -> Response:
    project = project_or_404(slug)
    fields = ProjectFields()
    declared = declaration(fields, (), project.declared)
    if fields.valid:
        try:
            changed = transact(lambda session: projects.edit(session, scope(), slug, declared))
        except ProjectError as error:
            fields.refuse(error)
        except NoSuchProjectError:
            abort(HTTPStatus.NOT_FOUND)
        else:
            if changed.declared.overlap > project.declared.overlap:
                publishing.spread_overlap(database(), changed)
            return pages.go(url_for("projects.page", slug=slug), notice=_("Changed."))
    return _form(project, fields, HTTPStatus.UNPROCESSABLE_ENTITY)


@audience(Role.RESEARCHER)
def pause(slug: str) -> Response:
    project_or_404(slug)
    transact(lambda session: projects.pause(session, scope(), slug, now()))
    notice = _("Paused: nothing of it is served. What is being worked on can still be submitted.")
    return pages.go(url_for("projects.edit", slug=slug), notice=notice)


@audience(Role.RESEARCHER)
def resume(slug: str) -> Response:
    project_or_404(slug)
    transact(lambda session: projects.resume(session, scope(), slug))
    return pages.go(url_for("projects.edit", slug=slug), notice=_("Going on."))


@audience(Role.RESEARCHER)
def teams(slug: str) -> Response:
    """Open the project to a team, or close it."""
    project_or_404(slug)
    wanted, opened = request.form.get("team", ""), request.form.get("go") == "open"

    def work(session: Any) -> bool:
        for each in projects.teams(session, scope(), slug):
            if each.slug == wanted:
                act = projects.open_to if opened else projects.close_to
                act(session, scope(), slug, each.id, now())
                return True
        return False

    if not transact(work):
        abort(HTTPStatus.NOT_FOUND)
    return pages.go(url_for("projects.edit", slug=slug))


@audience(Role.RESEARCHER)
def limits(slug: str) -> Response:
    """Tighten the project's own limits; empty fields stay as they are."""
    project = project_or_404(slug)
    fields = ProjectFields()
    by = current_person().person_id
    wanted = project_limits.document(
        fields, read(lambda session: projects_policy.in_force(session, project, clock()))
    )
    if fields.valid and wanted is None:
        return pages.go(url_for("projects.edit", slug=slug), notice=_("No limit was changed."))
    if wanted is not None and fields.valid:
        try:
            transact(
                lambda session: projects_policy.tighten(session, scope(), slug, wanted, by, clock())
            )
        except PolicyError:  # somebody else tightened them meanwhile
            fields.fail("limit-dose_hour", _("Tighter limits came meanwhile. Look at them first."))
        else:
            notice = _("The tighter limits hold from now on.")
            return pages.go(url_for("projects.edit", slug=slug), notice=notice)
    return _form(project, fields, HTTPStatus.UNPROCESSABLE_ENTITY)
