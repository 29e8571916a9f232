"""Releases of a project in the browser: ask for one, see them all, download their files."""

import re
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Response, abort, request, send_file, url_for

from labelhub.domain.projects import Project
from labelhub.domain.release.spec import (
    PERMITTED,
    FileType,
    Format,
    Neither,
    ReleaseSpec,
    Rules,
    SpecError,
    SplitPolicy,
)
from labelhub.domain.vocabulary import InstrumentName, Role
from labelhub.services import releases
from labelhub.services.projects import NoSuchProjectError
from labelhub.services.releases import NothingToReleaseError, Registered, Wanted
from labelhub.web import pages
from labelhub.web.access import audience
from labelhub.web.context import current_person, database, now, read, running
from labelhub.web.languages import gettext as _
from labelhub.web.project_scope import project_or_404, scope
from labelhub.web.projects import bp

__all__ = ["bp"]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_UNBUILT_KEY = bytes(32)  # replaced by a random one when the release is built
_HARM_FORMATS = frozenset({Format.RAW, Format.TRL_UNPAIRED})
_UNITS = ("bytes", "kB", "MB", "GB")


@bp.get("/<slug>/releases")
@audience(Role.RESEARCHER)
def release(slug: str) -> Response:
    return _page(project_or_404(slug), _defaults(), {})


@bp.post("/<slug>/releases")
@audience(Role.RESEARCHER)
def make_release(slug: str) -> Response:
    """Build a release now; it appears whole or not at all."""
    project = project_or_404(slug)
    form = {name: request.form.get(name, "").strip()[:60] for name in _defaults()}
    spec, errors = _spec(project, form)
    if spec is None:
        return _page(project, form, errors)
    folder = running().settings.data / "releases" / project.slug / f"{spec.release}-{uuid4().hex}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    wanted = Wanted(slug, spec, folder)
    try:
        releases.build(database(), scope(), wanted, current_person().person_id, now())
    except NothingToReleaseError as error:
        return _page(project, form, {"format": str(error)})
    return pages.go(url_for("projects.release", slug=slug), notice=_("The release is made."))


@bp.get("/<slug>/releases/<uuid:release_id>/<path:name>")
@audience(Role.RESEARCHER)
def release_file(slug: str, release_id: UUID, name: str) -> Response:
    """Send one file of a release: only what its manifest names, as a download (S-10)."""
    try:
        found = read(lambda session: releases.find(session, scope(), slug, release_id))
    except NoSuchProjectError:
        abort(HTTPStatus.NOT_FOUND)
    if found is None or name not in _names(found):
        abort(HTTPStatus.NOT_FOUND)
    path = Path(found.folder) / name
    if not path.is_file():
        abort(HTTPStatus.GONE)
    return send_file(
        path, as_attachment=True, download_name=f"{found.name}-{name.replace('/', '-')}",
        mimetype="application/octet-stream", conditional=True,
    )  # fmt: skip


def _defaults() -> dict[str, str]:
    return {
        "name": "", "format": "", "file_type": "jsonl", "ties": "drop", "both_bad": "drop",
        "train": "90", "validation": "0", "test": "10",
    }  # fmt: skip


def _spec(project: Project, form: dict[str, str]) -> tuple[ReleaseSpec | None, dict[str, str]]:
    errors: dict[str, str] = {}
    if not _NAME.fullmatch(form["name"]):
        errors["name"] = _("Small letters, digits and hyphens, beginning with a letter or digit.")
    if form["format"] not in _formats(project):
        errors["format"] = _("Choose one of these.")
    if form["file_type"] not in set(FileType):
        errors["file_type"] = _("Choose one of these.")
    shares = [form[name] for name in ("train", "validation", "test")]
    whole = all(share.isascii() and share.isdigit() for share in shares)
    if not whole or sum(int(share) for share in shares) != 100:  # noqa: PLR2004 percent
        errors["train"] = _("Three whole numbers that make 100 together.")
    if errors:
        return None, errors
    try:
        return _made(project, form, [int(share) / 100 for share in shares]), {}
    except SpecError as error:
        return None, {"format": str(error)}


def _made(project: Project, form: dict[str, str], shares: list[float]) -> ReleaseSpec:
    wanted = Format(form["format"])
    permitted = PERMITTED[wanted]
    harm = project.instrument is InstrumentName.HARM
    return ReleaseSpec(
        release=form["name"],
        format=wanted,
        key=_UNBUILT_KEY,
        snapshot_at=now(),
        file_type=FileType(form["file_type"]),
        rules=Rules(
            ties=_chosen(form["ties"], permitted.ties),
            both_bad=_chosen(form["both_bad"], permitted.both_bad),
            harm_threshold=1 if harm and wanted is Format.TRL_UNPAIRED else None,
            split=SplitPolicy("labelhub", *shares),
        ),
        project=project.slug,
    )


def _chosen(name: str, permitted: tuple[Neither, ...]) -> Neither | None:
    """Return the choice if the format can say it; each format has its own default."""
    return Neither(name) if name in set(permitted) else None


def _formats(project: Project) -> dict[str, tuple[str, str]]:
    known = {
        "trl-preference": (
            _("Preference pairs (TRL)"),
            _("Conversations with chosen and rejected: DPO, ORPO, reward models."),
        ),
        "reward-margin": (
            _("Preference pairs with margin"),
            _("The same, with how strongly: reward models that use a margin."),
        ),
        "trl-preference-text": (
            _("Preference pairs as text"),
            _("Prompt, chosen and rejected as plain text, for base models."),
        ),
        "trl-unpaired": (
            _("Single completions (KTO)"),
            _("Each completion good or bad by evidence about it alone."),
        ),
        "hh-rlhf": (_("HH-RLHF"), _("Whole dialogues as text, chosen and rejected.")),
        "raw": (_("Every rating"), _("One row a rating, disagreement kept, under pseudonyms.")),
    }
    harm = project.instrument is InstrumentName.HARM
    return {name: text for name, text in known.items() if not harm or Format(name) in _HARM_FORMATS}


def _page(project: Project, form: dict[str, str], errors: dict[str, str]) -> Response:
    found = read(lambda session: releases.of_project(session, scope(), project.slug))
    counts = read(lambda session: releases.counts(session, scope(), project.slug))
    return pages.render(
        "projects/release.html", status=422 if errors else 200,
        project={
            "slug": project.slug, "title": project.declared.title,
            "instrument": project.instrument.value,
        },
        formats=[
            {"value": name, "label": label, "hint": hint}
            for name, (label, hint) in _formats(project).items()
        ],
        counts={"ratings": counts.ratings, "items": counts.complete},
        form=form, errors=errors, ties=_ties(), both_bad=_ties(),
        releases=[_shown(project.slug, one) for one in found],
    )  # fmt: skip


def _ties() -> list[dict[str, str]]:
    return [
        {"value": "drop", "label": _("Count as votes for neither"),
         "hint": _("A pair with a majority of them is left out, and the card says how many.")},
        {"value": "abstain", "label": _("Do not count"),
         "hint": _("The other votes decide alone.")},
    ]  # fmt: skip


def _shown(slug: str, one: Registered) -> dict[str, Any]:
    states = {
        "complete": _("complete"), "building": _("being built"), "failed": _("not made"),
    }  # fmt: skip
    files = one.manifest.get("files", [])
    return {
        "name": one.name, "format": one.format, "at": one.created_at, "sha256": one.digest,
        "rows": sum(file["rows"] for file in files),
        "state": states[one.state] + (f": {one.message}" if one.message else ""),
        "files": [
            {
                "name": name, "sha256": digest, "size": _size(size),
                "url": url_for(
                    "projects.release_file", slug=slug, release_id=one.id, name=name
                ),
            }
            for name, digest, size in _listed(one)
        ],
    }  # fmt: skip


def _listed(one: Registered) -> list[tuple[str, str, int]]:
    rows = [(file["path"], file["sha256"], file["bytes"]) for file in one.manifest.get("files", [])]
    if not rows:
        return []
    manifest = Path(one.folder) / "manifest.json"
    size = manifest.stat().st_size if manifest.is_file() else 0
    return [*rows, ("manifest.json", one.digest, size)]


def _names(one: Registered) -> set[str]:
    return {name for name, _digest, _size in _listed(one)}


def _size(size: int) -> str:
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:  # noqa: PLR2004 decimal prefixes
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.0f} {_UNITS[unit]}" if unit == 0 else f"{amount:.1f} {_UNITS[unit]}"
