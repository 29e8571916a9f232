"""What a project tells labelers before they join it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import InstrumentName, PersonId, Role, Severity
from labelhub.tables import metadata

_PROJECT = metadata.tables["project"]
_GUIDELINES = metadata.tables["guidelines"]
_HAZARD = metadata.tables["item_hazard"]
_ITEM = metadata.tables["item"]
_JOINING = metadata.tables["joining"]
_MEMBERSHIP = metadata.tables["membership"]
_OPENING = metadata.tables["project_opening"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A project as a labeler reads of it before and while working in it."""

    slug: str
    title: str
    text: str
    instrument: InstrumentName
    language: str
    pay: str
    max_severity: Severity
    veil_tier: Severity | None
    hazards: Mapping[str, str]  # every category's name, by its id
    guidelines_html: str
    guidelines_version: int
    guidelines_since: datetime

    @property
    def version(self) -> str:
        """Return what a consent refers to: the guidelines and the notice of this moment."""
        return f"{self.slug}:{self.guidelines_version}:{int(self.max_severity)}"


def find(session: Session, slug: str) -> Notice | None:
    row = session.connection().execute(_NOTICE, {"slug": slug}).one_or_none()
    return None if row is None else _notice(row)


def kinds(session: Session, slug: str) -> frozenset[str]:
    """Return the ids of the hazard categories that items of the project really carry."""
    found = (
        sa.select(_HAZARD.c.category)
        .distinct()
        .join(_ITEM, _ITEM.c.id == _HAZARD.c.item_id)
        .join(_PROJECT, _PROJECT.c.id == _ITEM.c.project_id)
        .where(_PROJECT.c.slug == slug, _ITEM.c.state == "ready")
    )
    return frozenset(session.connection().execute(found).scalars())


def _notice(row: Any) -> Notice:
    return Notice(
        slug=row.slug,
        title=row.title,
        text=row.content_notice,
        instrument=InstrumentName(row.instrument),
        language=row.language,
        pay=row.pay_note,
        max_severity=Severity(row.max_severity),
        veil_tier=Severity(row.veil_tier) if row.veil_tier <= Severity.S4 else None,
        hazards={kind["id"]: kind["name"] for kind in orjson.loads(row.hazards)},
        guidelines_html=row.html,
        guidelines_version=row.version,
        guidelines_since=row.since,
    )


_NOTICE = (
    sa.select(
        _PROJECT,
        _GUIDELINES.c.html,
        _GUIDELINES.c.version,
        _GUIDELINES.c.created_at.label("since"),
    )
    .join(
        _GUIDELINES,
        sa.and_(
            _GUIDELINES.c.project_id == _PROJECT.c.id,
            _GUIDELINES.c.version == _PROJECT.c.guidelines_version,
        ),
    )
    .where(_PROJECT.c.slug == sa.bindparam("slug"))
)


def open_to(session: Session, person_id: PersonId) -> list[tuple[Notice, bool]]:
    """Return the projects open to a labeler, and whether they have joined each; joined first."""
    rows = session.connection().execute(_OPEN, {"person": person_id}).all()
    found = [(_notice(row), row.joined_at is not None and row.left_at is None) for row in rows]
    return sorted(found, key=lambda one: (not one[1], one[0].title))


_OPEN = (
    sa.select(
        _PROJECT,
        _GUIDELINES.c.html,
        _GUIDELINES.c.version,
        _GUIDELINES.c.created_at.label("since"),
        _JOINING.c.joined_at,
        _JOINING.c.left_at,
    )
    .distinct()
    .select_from(_PROJECT)
    .join(
        _GUIDELINES,
        sa.and_(
            _GUIDELINES.c.project_id == _PROJECT.c.id,
            _GUIDELINES.c.version == _PROJECT.c.guidelines_version,
        ),
    )
    .join(
        _OPENING,
        sa.and_(_OPENING.c.project_id == _PROJECT.c.id, _OPENING.c.closed_at.is_(None)),
    )
    .join(
        _MEMBERSHIP,
        sa.and_(
            _MEMBERSHIP.c.organisation_id == _OPENING.c.organisation_id,
            _MEMBERSHIP.c.person_id == sa.bindparam("person"),
            _MEMBERSHIP.c.role == Role.LABELER,
            _MEMBERSHIP.c.ended_at.is_(None),
        ),
    )
    .outerjoin(
        _JOINING,
        sa.and_(
            _JOINING.c.project_id == _PROJECT.c.id,
            _JOINING.c.person_id == sa.bindparam("person"),
        ),
    )
    .where(_PROJECT.c.paused_at.is_(None))
)
