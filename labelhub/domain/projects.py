"""Projects: what one declares, when a declaration is acceptable, and how it may change."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from labelhub.domain.taxonomy import HazardCategory, TaxonomyError, checked, edited
from labelhub.domain.vocabulary import InstrumentName, OrganisationId, ProjectId, Severity

Scope = Collection[OrganisationId]
"""The organisations a person may act for. What belongs to others does not exist for them (S-1)."""

MAX_OVERLAP = 50
MAX_TITLE = 200
MAX_SUMMARY = 2_000
MAX_NOTICE = 4_000
MAX_PAY_NOTE = 200
MAX_GUIDELINES = 64 * 1024
"""Characters; the bound of one text that is rendered (safety-case.md, R9)."""

NEVER_VEILED = 5
"""A veil tier above S4: nothing is veiled by the project's own choice.

Only the command line's `--no-veil` makes it; a page keeps it and does not offer it anew.
"""

RENDER_STYLES = ("markdown", "plain")

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_LONGEST_LANGUAGE = 35


class Fault(StrEnum):
    """Why a field of a project is not accepted. Pages and commands put it in words."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NOT_A_SLUG = "not_a_slug"
    TAKEN = "taken"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_LANGUAGE = "not_a_language"
    NOT_A_STYLE = "not_a_style"
    HAZARDS = "hazards"
    NOTICE_MISSING = "notice_missing"
    OVERLAP_FALLS = "overlap_falls"
    SEVERITY_RISES = "severity_rises"
    VEIL_RISES = "veil_rises"
    NO_LAB = "no_lab"
    NOT_TEXT = "not_text"


@dataclass(frozen=True, slots=True)
class Problem:
    """A field, what is wrong with it, and where it helps a word more."""

    field: str
    fault: Fault
    detail: str = ""


class ProjectError(ValueError):
    """A declaration that is not accepted, with every problem found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(_said(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a researcher says of a project and may later change, within `changed`."""

    title: str
    summary: str = ""
    overlap: int = 1
    content_notice: str = ""
    max_severity: Severity = Severity.S0
    veil_tier: int = int(Severity.S2)
    hazards: tuple[HazardCategory, ...] = ()
    render_style: str = "markdown"
    language: str = "en"
    pay_note: str = ""


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project to be made: what stays as it is, what may change, and the first guidelines."""

    slug: str
    instrument: InstrumentName
    declared: Declaration
    guidelines: str


@dataclass(frozen=True, slots=True)
class Project:
    """A project as rules and pages see it."""

    id: ProjectId
    organisation_id: OrganisationId
    slug: str
    instrument: InstrumentName
    instrument_version: int
    declared: Declaration
    guidelines_version: int
    created_at: datetime
    paused_at: datetime | None = None

    @property
    def title(self) -> str:
        return self.declared.title


@dataclass(frozen=True, slots=True)
class Begun:
    """How far a project has come, as far as it binds what may change."""

    has_items: bool
    has_joined: bool


def problems(declared: Declaration) -> tuple[Problem, ...]:
    """Return everything wrong with a declaration by itself."""
    return tuple(found for check in _CHECKS for found in check(declared))


def slug_problems(slug: str) -> tuple[Problem, ...]:
    if not slug:
        return (Problem("slug", Fault.MISSING),)
    return () if _SLUG.fullmatch(slug) else (Problem("slug", Fault.NOT_A_SLUG),)


def guidelines_problems(markdown: str) -> tuple[Problem, ...]:
    if not markdown.strip():
        return (Problem("guidelines", Fault.MISSING),)
    if len(markdown) > MAX_GUIDELINES:
        return (Problem("guidelines", Fault.TOO_LONG, str(MAX_GUIDELINES)),)
    return () if _is_text(markdown) else (Problem("guidelines", Fault.NOT_TEXT),)


def changed(current: Declaration, wanted: Declaration, begun: Begun) -> tuple[Problem, ...]:
    """Return why a declaration cannot become another; nothing when it can.

    Overlap only rises once there are items: their free slots are already counted. What people
    agreed to when they joined does not get harder behind their back, so from the first joining
    on the highest severity and the veil tier only fall. Categories are added and renamed, never
    removed. Everything else may change at any time; a new rendering style holds for files
    imported from then on, because a rendering once shown stays as it was (D-5).
    """
    found = list(problems(wanted))
    if begun.has_items and wanted.overlap < current.overlap:
        found.append(Problem("overlap", Fault.OVERLAP_FALLS, str(current.overlap)))
    if begun.has_joined and wanted.max_severity > current.max_severity:
        found.append(Problem("max_severity", Fault.SEVERITY_RISES, f"S{int(current.max_severity)}"))
    if begun.has_joined and wanted.veil_tier > current.veil_tier:
        found.append(Problem("veil_tier", Fault.VEIL_RISES, f"S{current.veil_tier}"))
    if not any(problem.field == "hazards" for problem in found):
        try:
            edited(current.hazards, wanted.hazards)
        except TaxonomyError as error:
            found.append(Problem("hazards", Fault.HAZARDS, str(error)))
    return tuple(found)


def _texts(declared: Declaration) -> list[Problem]:
    found: list[Problem] = []
    if not declared.title.strip():
        found.append(Problem("title", Fault.MISSING))
    for name, limit in (
        ("title", MAX_TITLE),
        ("summary", MAX_SUMMARY),
        ("content_notice", MAX_NOTICE),
        ("pay_note", MAX_PAY_NOTE),
    ):
        text: str = getattr(declared, name)
        if len(text) > limit:
            found.append(Problem(name, Fault.TOO_LONG, str(limit)))
        elif not _is_text(text):
            found.append(Problem(name, Fault.NOT_TEXT))
    return found


def _numbers(declared: Declaration) -> list[Problem]:
    found: list[Problem] = []
    if not 1 <= declared.overlap <= MAX_OVERLAP:
        found.append(Problem("overlap", Fault.OUT_OF_RANGE, f"1–{MAX_OVERLAP}"))
    if not 1 <= declared.veil_tier <= NEVER_VEILED:
        found.append(Problem("veil_tier", Fault.OUT_OF_RANGE, f"1–{NEVER_VEILED}"))
    return found


def _choices(declared: Declaration) -> list[Problem]:
    found: list[Problem] = []
    language = declared.language
    if len(language) > _LONGEST_LANGUAGE or not _LANGUAGE.fullmatch(language):
        found.append(Problem("language", Fault.NOT_A_LANGUAGE))
    if declared.render_style not in RENDER_STYLES:
        found.append(Problem("render_style", Fault.NOT_A_STYLE, ", ".join(RENDER_STYLES)))
    return found


def _notice(declared: Declaration) -> list[Problem]:
    """People can only agree to what they were told (product.md, section 3)."""
    if declared.max_severity > Severity.S1 and not declared.content_notice.strip():
        return [Problem("content_notice", Fault.NOTICE_MISSING, f"S{int(declared.max_severity)}")]
    return []


def _hazards(declared: Declaration) -> list[Problem]:
    try:
        checked(declared.hazards)
    except TaxonomyError as error:
        return [Problem("hazards", Fault.HAZARDS, str(error))]
    return []


_CHECKS = (_texts, _numbers, _choices, _notice, _hazards)


def _is_text(text: str) -> bool:
    """Whether the databases can hold it: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _said(problem: Problem) -> str:
    word = problem.fault.value.replace("_", " ")
    return f"{problem.field}: {word}" + (f" ({problem.detail})" if problem.detail else "")
