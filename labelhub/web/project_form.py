"""The form of a project: what is declared of it, with every fault beside its field."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import request

from labelhub.domain.projects import (
    MAX_GUIDELINES,
    MAX_NOTICE,
    MAX_OVERLAP,
    MAX_PAY_NOTE,
    MAX_SUMMARY,
    MAX_TITLE,
    NEVER_VEILED,
    RENDER_STYLES,
    Declaration,
    Fault,
    ProjectError,
)
from labelhub.domain.taxonomy import HazardCategory, TaxonomyError, parse
from labelhub.domain.vocabulary import Severity
from labelhub.web.forms import Fields
from labelhub.web.languages import gettext as _

_LONGEST_LANGUAGE = 35
_LONGEST_HAZARDS = 20_000
_MOST_CHOSEN = 100
_FIELD_OF = {
    "content_notice": "notice",
    "max_severity": "highest",
    "veil_tier": "veil",
    "render_style": "text_form",
    "organisation": "title",
}
"""Names on the page where they differ from those of the domain."""


class ProjectFields(Fields):
    """The fields of a project; those with several values beside the single ones."""

    def __init__(self) -> None:
        super().__init__()
        self.lists: dict[str, list[str]] = {}

    def chosen(self, name: str) -> list[str]:
        self.lists[name] = [value[:64] for value in request.form.getlist(name)[:_MOST_CHOSEN]]
        return self.lists[name]

    def as_typed(self) -> dict[str, Any]:
        return {**self.values, **self.lists}

    def refuse(self, error: ProjectError) -> None:
        """Put each problem beside its field, in words."""
        for problem in error.problems:
            name = _FIELD_OF.get(problem.field, problem.field)
            self.fail(name, sentence(problem.fault, problem.detail))


def declaration(
    fields: ProjectFields, hazards: Sequence[HazardCategory], current: Declaration | None = None
) -> Declaration:
    """Read what a project declares. *hazards* are the categories that may be chosen by box.

    What the form does not ask stays as it is in *current*.
    """
    was = current or Declaration(title="")
    highest = fields.choice("highest", [str(int(tier)) for tier in Severity]) or "0"
    veil = fields.choice("veil", veil_tiers(was)) or str(was.veil_tier)
    return replace(
        was,
        title=fields.line("title", longest=MAX_TITLE),
        **_told(fields),
        overlap=fields.whole("overlap", 1, MAX_OVERLAP),
        content_notice=fields.text("notice", longest=MAX_NOTICE, optional=True),
        max_severity=Severity(int(highest)),
        veil_tier=int(veil),
        hazards=_hazards(fields, hazards),
        render_style=fields.choice("text_form", RENDER_STYLES) or "markdown",
        language=fields.line("language", longest=_LONGEST_LANGUAGE),
    )


def _told(fields: ProjectFields) -> dict[str, str]:
    """Read what labelers are told, where it was asked: a page opened long ago wipes nothing."""
    told: dict[str, str] = {}
    if "summary" in request.form:
        text = fields.text("summary", longest=MAX_SUMMARY, optional=True)
        told["summary"] = text.replace("\r\n", "\n")
    if "pay_note" in request.form:
        told["pay_note"] = fields.line("pay_note", longest=MAX_PAY_NOTE, optional=True)
    return told


def veil_tiers(current: Declaration | None = None) -> list[str]:
    """Return the tiers that the form offers to veil from.

    A project made with `--no-veil` keeps its choice when something else is saved. No form offers
    it anew: nobody should meet hard text without being told first (product.md, section 1).
    """
    offered = [int(tier) for tier in Severity if tier > Severity.S0]
    if current is not None and current.veil_tier == NEVER_VEILED:
        offered.append(NEVER_VEILED)
    return [str(tier) for tier in offered]


def guidelines_text(fields: ProjectFields, name: str = "guidelines") -> str:
    """Return the Markdown with the line ends of a browser's form made plain."""
    return fields.text(name, longest=MAX_GUIDELINES).replace("\r\n", "\n")


def as_form(declared: Declaration) -> dict[str, Any]:
    """Return a declaration as the form shows it."""
    return {
        "title": declared.title,
        "summary": declared.summary,
        "pay_note": declared.pay_note,
        "overlap": declared.overlap,
        "notice": declared.content_notice,
        "highest": int(declared.max_severity),
        "veil": declared.veil_tier,
        "text_form": declared.render_style,
        "language": declared.language,
        "own_hazards": hazard_lines(declared.hazards),
    }


def hazard_lines(hazards: Sequence[HazardCategory]) -> str:
    return "\n".join(f"{each.id} | {each.name} | {each.definition}" for each in hazards)


def sentence(fault: Fault, detail: str) -> str:
    """Say in words why a field is not accepted."""
    said = {
        Fault.MISSING: _("This is needed."),
        Fault.TOO_LONG: _("At most %(limit)s characters.", limit=detail),
        Fault.NOT_A_SLUG: _("Small letters, digits and hyphens, 64 at most."),
        Fault.TAKEN: _("This is taken."),
        Fault.OUT_OF_RANGE: _("Choose one of these: %(range)s.", range=detail),
        Fault.NOT_A_LANGUAGE: _("This is no language tag such as en or pt-BR."),
        Fault.NOT_A_STYLE: _("Choose one of these."),
        Fault.HAZARDS: _("These kinds cannot be used: %(why)s.", why=detail),
        Fault.NOTICE_MISSING: _("Where texts may be %(tier)s, people are told.", tier=detail),
        Fault.OVERLAP_FALLS: _("There are items: it cannot fall below %(now)s.", now=detail),
        Fault.SEVERITY_RISES: _("People have joined: it cannot rise above %(now)s.", now=detail),
        Fault.VEIL_RISES: _("People have joined: it cannot rise above %(now)s.", now=detail),
        Fault.NO_LAB: _("Only a lab can own a project."),
        Fault.NOT_TEXT: _("This holds a character that cannot be kept."),
    }
    return str(said[fault])


def _hazards(fields: ProjectFields, known: Sequence[HazardCategory]) -> tuple[HazardCategory, ...]:
    """Return the chosen categories, then those written one a line as "code | name | what"."""
    chosen = fields.chosen("hazards")
    listed = [each for each in known if each.id in chosen]
    text = fields.text("own_hazards", longest=_LONGEST_HAZARDS, optional=True)
    rows: list[dict[str, object]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        code, _bar, rest = line.partition("|")
        name, _bar, definition = rest.partition("|")
        rows.append({"id": code, "name": name, "definition": definition})
    try:
        return (*listed, *parse(rows))
    except TaxonomyError as error:
        fields.fail("own_hazards", sentence(Fault.HAZARDS, str(error)))
        return tuple(listed)
