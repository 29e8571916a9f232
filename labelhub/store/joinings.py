"""Labelers in projects: who joined, for which organisation, and who left."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import OrganisationId, PersonId, ProjectId, Role
from labelhub.tables import metadata

_PROJECT = metadata.tables["project"]
_JOINING = metadata.tables["joining"]
_ASSIGNMENT = metadata.tables["assignment"]
_MEMBERSHIP = metadata.tables["membership"]
_OPENING = metadata.tables["project_opening"]


@dataclass(frozen=True, slots=True)
class Joinable:
    """A project that is open to a labeler through one of their organisations."""

    project_id: ProjectId
    organisation_id: OrganisationId
    guidelines_version: int
    joined: bool
    accepted_version: int | None = None  # of the guidelines, when the labeler joined last


def project_id(session: Session, slug: str) -> ProjectId | None:
    found = (
        session.connection()
        .execute(sa.select(_PROJECT.c.id).where(_PROJECT.c.slug == slug))
        .scalar_one_or_none()
    )
    return None if found is None else ProjectId(found)


def find(session: Session, person_id: PersonId, slug: str) -> Joinable | None:
    """Return the project as this labeler may join it; None where it is not open to them."""
    row = session.connection().execute(_JOINABLE, {"person": person_id, "slug": slug}).first()
    if row is None:
        return None
    return Joinable(
        ProjectId(row.id),
        OrganisationId(row.organisation_id),
        row.guidelines_version,
        joined=row.joined_at is not None and row.left_at is None,
        accepted_version=row.accepted_version,
    )


def join(session: Session, person_id: PersonId, joinable: Joinable, now: datetime) -> None:
    """Join, or come back after having left; the caller holds the person's turn."""
    connection = session.connection()
    where = (_JOINING.c.person_id == person_id, _JOINING.c.project_id == joinable.project_id)
    fresh = {
        "organisation_id": joinable.organisation_id, "joined_at": now, "left_at": None,
        "guidelines_version": joinable.guidelines_version,
    }  # fmt: skip
    if connection.execute(sa.update(_JOINING).where(*where).values(**fresh)).rowcount == 0:
        connection.execute(
            sa.insert(_JOINING),
            {
                "person_id": person_id, "project_id": joinable.project_id,
                "taken": 0, "hard_ps": 0, **fresh,
            },
        )  # fmt: skip


def leave(session: Session, person_id: PersonId, slug: str, now: datetime) -> None:
    """Leave a project, at once."""
    of_slug = sa.select(_PROJECT.c.id).where(_PROJECT.c.slug == slug).scalar_subquery()
    session.connection().execute(
        sa.update(_JOINING)
        .where(_JOINING.c.person_id == person_id, _JOINING.c.project_id == of_slug)
        .values(left_at=now)
    )


def may_read(session: Session, person_id: PersonId, slug: str) -> bool:
    """Say whether the labeler works in a project: has joined it, or holds an item of it.

    It may be paused or closed by now.
    """
    asked = {"person": person_id, "slug": slug}
    return session.connection().execute(_WORKS_IN, asked).first() is not None


def employer(session: Session, person_id: PersonId, slug: str) -> OrganisationId | None:
    """Return for whom the labeler works: in this project, or else anywhere as a labeler."""
    connection = session.connection()
    found: UUID | None = connection.execute(
        _IN_PROJECT, {"person": person_id, "slug": slug}
    ).scalar_one_or_none()
    if found is None:
        found = connection.execute(_ANYWHERE, {"person": person_id}).scalar_one_or_none()
    return None if found is None else OrganisationId(found)


_JOINABLE = (
    sa.select(
        _PROJECT.c.id,
        _PROJECT.c.guidelines_version,
        _MEMBERSHIP.c.organisation_id,
        _JOINING.c.joined_at,
        _JOINING.c.left_at,
        _JOINING.c.guidelines_version.label("accepted_version"),
    )
    .select_from(_PROJECT)
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
    .where(_PROJECT.c.slug == sa.bindparam("slug"), _PROJECT.c.paused_at.is_(None))
    .order_by(_MEMBERSHIP.c.started_at)
    .limit(1)
)
_WORKS_IN = sa.select(_PROJECT.c.id).where(
    _PROJECT.c.slug == sa.bindparam("slug"),
    sa.or_(
        sa.exists().where(
            _JOINING.c.project_id == _PROJECT.c.id,
            _JOINING.c.person_id == sa.bindparam("person"),
            _JOINING.c.left_at.is_(None),
        ),
        sa.exists().where(
            _ASSIGNMENT.c.person_id == sa.bindparam("person"),
            _ASSIGNMENT.c.project_id == _PROJECT.c.id,
            _ASSIGNMENT.c.closed_at.is_(None),
        ),
    ),
)
_IN_PROJECT = (
    sa.select(_JOINING.c.organisation_id)
    .join(_PROJECT, _PROJECT.c.id == _JOINING.c.project_id)
    .where(_JOINING.c.person_id == sa.bindparam("person"), _PROJECT.c.slug == sa.bindparam("slug"))
)
_ANYWHERE = (
    sa.select(_MEMBERSHIP.c.organisation_id)
    .where(_MEMBERSHIP.c.person_id == sa.bindparam("person"), _MEMBERSHIP.c.role == Role.LABELER)
    .order_by(_MEMBERSHIP.c.ended_at.is_(None).desc(), _MEMBERSHIP.c.started_at.desc())
    .limit(1)
)
