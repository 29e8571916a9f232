"""The capacity plan in the browser: a team by form, days to finish and what binds, as charts."""

import json
import time
from collections.abc import Callable
from http import HTTPStatus
from threading import Lock
from typing import Any

from flask import Response

from labelhub.domain.planning.plan import Job, Plan
from labelhub.domain.planning.team_file import as_document
from labelhub.domain.projects import Project
from labelhub.domain.vocabulary import Role
from labelhub.services import planning
from labelhub.services.planning import PlanError
from labelhub.web import pages, planning_form, planning_words
from labelhub.web.access import audience
from labelhub.web.context import clock, read
from labelhub.web.languages import gettext as _
from labelhub.web.project_form import ProjectFields
from labelhub.web.project_scope import project_or_404, scope
from labelhub.web.projects import bp

__all__ = ["bp"]

LONGEST = 7.0
"""Seconds after which no further run begins: a page should answer within ten."""
MOST_RATINGS = 20_000
"""More ratings than this are planned on the command line, where nobody waits for a page."""
_ONE_AT_A_TIME = Lock()


@bp.get("/<slug>/plan")
@audience(Role.RESEARCHER)
def plan(slug: str) -> Response:
    project = project_or_404(slug)
    return _page(project, planning_form.defaults(project.declared.max_severity))


@bp.post("/<slug>/plan")
@audience(Role.RESEARCHER)
def make_plan(slug: str) -> Response:
    """Make the plan now; nothing is stored."""
    project, fields = project_or_404(slug), ProjectFields()
    asked = planning_form.team(fields)
    if asked is None:
        return _page(project, fields)
    team, seed = asked
    try:
        wanted = read(
            lambda session: planning.prepare(session, scope(), slug, team, clock(), seed=seed)
        )
        made = _made(wanted)
    except PlanError as error:
        fields.fail("a-people", str(error))
        return _page(project, fields)
    document = json.dumps(as_document(team), indent=1, ensure_ascii=False)
    return _page(project, fields, planning_words.told(made, document))


def _made(wanted: tuple[Job, ...]) -> Plan:
    """Make the runs in processes of their own, one plan at a time.

    Raises:
        PlanError: there is too much for a page, or another plan is being made.

    """
    if wanted[0].load.ratings > MOST_RATINGS:
        raise PlanError(
            _("More than %(most)s ratings are left: use labelhub plan.", most=MOST_RATINGS)
        )
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise PlanError(_("Another plan is being made. Try again in ten seconds."))
    try:
        return planning.make(
            wanted, enough=_within(LONGEST), processes=planning.processes_for(wanted)
        )
    finally:
        _ONE_AT_A_TIME.release()


def _within(seconds: float) -> Callable[[], bool]:
    began = time.monotonic()
    return lambda: time.monotonic() - began > seconds


def _page(
    project: Project, fields: ProjectFields, result: dict[str, Any] | None = None
) -> Response:
    status = HTTPStatus.OK if fields.valid else HTTPStatus.UNPROCESSABLE_ENTITY
    return pages.render(
        "projects/plan.html",
        status=status,
        project={"slug": project.slug, "title": project.title},
        form=fields.as_typed(),
        errors=fields.errors,
        groups=list(planning_form.GROUPS),
        choices=planning_form.choices(),
        result=result,
    )
