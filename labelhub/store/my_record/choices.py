"""Everything a labeler ever chose: opt-outs, declarations; consents are `store.own_choices`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import OptOutScope, PersonId
from labelhub.tables import metadata

_OPT_OUT = metadata.tables["opt_out"]
_ITEM = metadata.tables["item"]
_PROJECT = metadata.tables["project"]
_DECLARATION = metadata.tables["declaration"]


@dataclass(frozen=True, slots=True)
class OptOut:
    """A choice, in force or ended. `about`: what it is called, where the subject is an id."""

    scope: OptOutScope
    subject: str
    about: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Declaration:
    choice: str
    declared_at: datetime


def opt_outs(session: Session, person_id: PersonId, most: int | None = None) -> list[OptOut]:
    """Return opt-outs, the newest first; single items go by the name of their project."""
    rows = session.connection().execute(_OPT_OUTS.limit(most), {"person": person_id})
    return [
        OptOut(OptOutScope(row.scope), row.subject, row.title or "", row.started_at, row.ended_at)
        for row in rows
    ]


def declarations(
    session: Session, person_id: PersonId, most: int | None = None
) -> list[Declaration]:
    """Return what was chosen at half of a day's dose, the newest first."""
    rows = session.connection().execute(_DECLARATIONS.limit(most), {"person": person_id})
    return [Declaration(row.choice, row.declared_at) for row in rows]


def _named(scope: OptOutScope, column: Any) -> sa.ColumnElement[Any]:
    """Read a subject as an id, only where it is one: PostgreSQL refuses to cast other text."""
    return sa.cast(
        sa.case((_OPT_OUT.c.scope == scope, _OPT_OUT.c.subject), else_=None), column.type
    )


_OPT_OUTS = (
    sa.select(
        _OPT_OUT.c.scope,
        _OPT_OUT.c.subject,
        _OPT_OUT.c.started_at,
        _OPT_OUT.c.ended_at,
        _PROJECT.c.title,
    )
    .outerjoin(_ITEM, _ITEM.c.id == _named(OptOutScope.ITEM, _ITEM.c.id))
    .outerjoin(
        _PROJECT,
        sa.or_(
            _PROJECT.c.id == _ITEM.c.project_id,
            _PROJECT.c.id == _named(OptOutScope.PROJECT, _PROJECT.c.id),
        ),
    )
    .where(_OPT_OUT.c.person_id == sa.bindparam("person"))
    .order_by(_OPT_OUT.c.started_at.desc(), _OPT_OUT.c.id)
)
_DECLARATIONS = (
    sa.select(_DECLARATION.c.choice, _DECLARATION.c.declared_at)
    .where(_DECLARATION.c.person_id == sa.bindparam("person"))
    .order_by(_DECLARATION.c.declared_at.desc(), _DECLARATION.c.id)
)
