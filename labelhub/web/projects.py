"""Projects in the browser: the list, making one, its page, its guidelines."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, url_for
from markupsafe import Markup

from labelhub.domain.audiences import RoleIn
from labelhub.domain.projects import MAX_GUIDELINES, NewProject, Project, ProjectError
from labelhub.domain.vocabulary import InstrumentName, OrganisationKind, Role
from labelhub.services import guidelines as writing
from labelhub.services import imports, projects, projects_policy, projects_progress
from labelhub.services.guidelines import ConflictError
from labelhub.services.projects import NoSuchProjectError
from labelhub.services.projects_policy import PolicyError
from labelhub.web import (
    own_organisations,
    pages,
    project_facts,
    project_limits,
    project_settings,
)
from labelhub.web.access import audience
from labelhub.web.context import clock, current_person, now, read, transact
from labelhub.web.import_words import state_word
from labelhub.web.languages import gettext as _
from labelhub.web.project_form import (
    ProjectFields,
    declaration,
    guidelines_text,
    sentence,
    veil_tiers,
)
from labelhub.web.project_scope import project_or_404, scope

bp = Blueprint("projects", __name__, url_prefix="/projects")
_LONGEST_SLUG = 64
_DEFAULTS = {"overlap": "3", "language": "en", "text_form": "markdown", "veil": "2", "highest": "0"}

bp.get("/<slug>/settings", endpoint="edit")(project_settings.form)
bp.post("/<slug>/settings", endpoint="change")(project_settings.edit)
bp.post("/<slug>/pause", endpoint="pause")(project_settings.pause)
bp.post("/<slug>/resume", endpoint="resume")(project_settings.resume)
bp.post("/<slug>/teams", endpoint="teams")(project_settings.teams)
bp.post("/<slug>/limits", endpoint="limits")(project_settings.limits)


@bp.get("")
@audience(Role.RESEARCHER)
def index() -> Response:
    listed = read(lambda session: projects_progress.summaries(session, scope(), now()))
    opened = read(lambda session: projects.open_slugs(session, scope()))
    return pages.render(
        "projects/index.html",
        projects=[
            {
                "slug": each.project.slug,
                "title": each.project.title,
                "instrument": each.project.instrument.value,
                "items": each.items,
                "done": each.accepted,
                "wanted": each.wanted,
                "per_day": list(each.per_day),
                "open": each.project.slug in opened,
            }
            for each in listed
        ],
    )


@bp.get("/create")
@audience(Role.RESEARCHER)
def create() -> Response:
    fields = ProjectFields()
    fields.values.update(_DEFAULTS)
    fields.lists["hazards"] = [each.id for each in projects.default_hazards()]
    return _create(fields)


def _create(fields: ProjectFields, status: int = HTTPStatus.OK) -> Response:
    in_force = read(lambda session: projects_policy.installed(session, clock()))
    lab = _lab()
    offers = read(lambda session: projects.possible_teams(session, lab.organisation_id))
    return pages.render(
        "projects/create.html",
        status=status,
        lab=lab.organisation_slug,
        choices=own_organisations.links(
            "projects.create", lab, Role.RESEARCHER, OrganisationKind.LAB
        ),
        form=fields.as_typed(),
        errors=fields.errors,
        hazards=[
            {"value": each.id, "label": each.name, "hint": each.definition}
            for each in projects.default_hazards()
        ],
        organisations=[
            {"value": each.slug, "label": each.name, "hint": _team_kind(each.kind)}
            for each in offers
        ],
        limits=project_limits.offered(in_force),
        veil_tiers=veil_tiers(),
    )


@bp.post("/create")
@audience(Role.RESEARCHER)
def make() -> Response:
    fields = ProjectFields()
    in_force = read(lambda session: projects_policy.installed(session, clock()))
    slug = fields.line("slug", longest=_LONGEST_SLUG)
    instrument = fields.choice("instrument", InstrumentName) or InstrumentName.PREFERENCE
    declared = declaration(fields, projects.default_hazards())
    new = NewProject(slug, instrument, declared, guidelines_text(fields))
    teams = fields.chosen("open_to")
    limits = project_limits.document(fields, in_force)
    if not fields.valid:
        return _create(fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    lab, by = _lab().organisation_id, current_person().person_id

    def work(session: Any) -> Project:
        project = projects.create(session, lab, new, by, now())
        for each in projects.teams(session, (lab,), slug):
            if each.slug in teams:
                projects.open_to(session, (lab,), slug, each.id, now())
        if limits is not None:
            projects_policy.tighten(session, (lab,), slug, limits, by, clock())
        return project

    try:
        transact(work)
    except ProjectError as error:
        fields.refuse(error)
    except PolicyError as error:
        fields.fail("limit-dose_hour", str(error))
    else:
        return pages.go(url_for("projects.page", slug=slug))
    return _create(fields, HTTPStatus.UNPROCESSABLE_ENTITY)


def _lab() -> RoleIn:
    """Return the lab a new project belongs to: one in which this person researches."""
    return own_organisations.chosen(Role.RESEARCHER, OrganisationKind.LAB)


def _team_kind(kind: OrganisationKind) -> str:
    return str(_("vendor") if kind is OrganisationKind.VENDOR else _("in-house team"))


@bp.get("/<slug>")
@audience(Role.RESEARCHER)
def page(slug: str) -> Response:
    project = project_or_404(slug)
    progress = read(lambda session: projects_progress.of(session, scope(), slug, now()))
    teams = read(lambda session: projects.teams(session, scope(), slug))
    brought = read(lambda session: imports.of_project(session, project))
    open_to = [each.name for each in teams if each.open_since is not None]
    return pages.render(
        "projects/page.html",
        project={**_declared(project), "open_to": open_to},
        moving=project_facts.moving(progress),
        good=project_facts.good(progress),
        safe=project_facts.safe(progress),
        release={
            "pairs": progress.accepted,
            "latest": None,
            "sentence": project_facts.releasable(progress),
        },
        imports=[
            {
                "id": str(each.id),
                "file": each.file_name,
                "at": each.created_at,
                "items": each.added,
                "state": state_word(each.state),
            }
            for each in brought
        ],
    )


def _declared(project: Project) -> dict[str, Any]:
    declared = project.declared
    return {
        "slug": project.slug,
        "title": project.title,
        "instrument": project.instrument.value,
        "overlap": declared.overlap,
        "highest": int(declared.max_severity),
        "veil": declared.veil_tier,
        "language": declared.language,
        "paused": project.paused_at is not None,
    }


@bp.get("/<slug>/guidelines")
@audience(Role.RESEARCHER)
def guidelines(slug: str) -> Response:
    return _guidelines(project_or_404(slug), ProjectFields())


def _guidelines(project: Project, fields: ProjectFields, status: int = HTTPStatus.OK) -> Response:
    history = read(lambda session: writing.history(session, project))
    counts = read(lambda session: writing.ratings_by_version(session, project))
    current = next((each for each in history if each.version == project.guidelines_version), None)
    typed = fields.values.get("text")
    return pages.render(
        "projects/guidelines.html",
        status=status,
        project={"slug": project.slug, "title": project.title},
        form={"text": typed if typed is not None else current.markdown if current else ""},
        errors=fields.errors,
        current=current
        and {
            # Cleaned when it was written: no attribute, no element that is not listed (R9).
            "html": Markup(current.html),  # noqa: S704 rendered by labelhub.rendering
            "version": current.version,
            "since": current.created_at,
        },
        history=[
            {
                "version": each.version,
                "since": each.created_at,
                "by": each.written_by,
                "ratings": counts.get(each.version, 0),
            }
            for each in history
        ],
    )


@bp.post("/<slug>/guidelines")
@audience(Role.RESEARCHER)
def write_guidelines(slug: str) -> Response:
    project = project_or_404(slug)
    fields = ProjectFields()
    text = fields.text("text", longest=MAX_GUIDELINES).replace("\r\n", "\n")
    if fields.valid:
        by = current_person().person_id
        try:
            changed = transact(
                lambda session: writing.write(session, scope(), slug, text, by, now())
            )
        except ProjectError as error:
            fields.fail("text", sentence(error.problems[0].fault, error.problems[0].detail))
        except ConflictError:
            fields.fail("text", _("Somebody else wrote a new version just now. Look at it first."))
        except NoSuchProjectError:
            abort(HTTPStatus.NOT_FOUND)
        else:
            notice = _("Version %(number)s is in force.", number=changed.guidelines_version)
            return pages.go(url_for("projects.guidelines", slug=slug), notice=notice)
    return _guidelines(project, fields, HTTPStatus.UNPROCESSABLE_ENTITY)
