"""A labeler's own choices as they read them, and the first of the two steps that end one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import OptOutScope, PersonId, Severity
from labelhub.store import choices
from labelhub.tables import metadata

_OPT_OUT = metadata.tables["opt_out"]
_CONSENT = metadata.tables["consent"]
_ITEM = metadata.tables["item"]
_PROJECT = metadata.tables["project"]


@dataclass(frozen=True, slots=True)
class Declined:
    """What the labeler declines. `until`: they asked for its end, and may confirm it from then."""

    scope: OptOutScope
    subject: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Consented:
    """One yes to a severity, whatever became of it."""

    severity: Severity
    preview_version: str
    given_at: datetime
    effective_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None

    @property
    def asked(self) -> bool:
        """Say whether it waits for the second yes: until then it holds for no time at all."""
        return self.withdrawn_at is None and self.expires_at == self.effective_at

    def held(self, now: datetime) -> bool:
        return self.withdrawn_at is None and self.effective_at <= now < self.expires_at


def declined(session: Session, person_id: PersonId) -> list[Declined]:
    """Return what is declined now, single items apart, the longest standing first."""
    rows = session.connection().execute(_DECLINED, {"person": person_id})
    # What was declined once more after its end was asked for has no end in sight.
    return [
        Declined(row.scope, row.subject, row.since, row.until if row.many == row.ending else None)
        for row in rows
    ]


def items_declined(session: Session, person_id: PersonId) -> list[tuple[str, int]]:
    """Return how many single items were declined in each project, by its title."""
    rows = session.connection().execute(_ITEMS_DECLINED, {"person": person_id})
    return [(row.title, row.many) for row in rows]


def titles(session: Session, projects: Iterable[str]) -> dict[str, str]:
    """Return the titles of projects by the subjects that opt-outs name them with."""
    ids = [UUID(subject) for subject in projects]
    if not ids:
        return {}
    asked = sa.select(_PROJECT.c.id, _PROJECT.c.title).where(_PROJECT.c.id.in_(ids))
    return {row.id.hex: row.title for row in session.connection().execute(asked)}


def ask_end(
    session: Session, person_id: PersonId, scope: OptOutScope, subject: str, until: datetime
) -> bool:
    """Note that the labeler wants a choice to end, not before *until*; it goes on holding."""
    asked = (
        sa.update(_OPT_OUT)
        .where(*_standing(person_id, scope, subject), _OPT_OUT.c.until.is_(None))
        .values(until=until)
    )
    return session.connection().execute(asked).rowcount > 0


def keep(session: Session, person_id: PersonId, scope: OptOutScope, subject: str) -> bool:
    """Forget that its end was asked for."""
    kept = (
        sa.update(_OPT_OUT)
        .where(*_standing(person_id, scope, subject), _OPT_OUT.c.until.is_not(None))
        .values(until=None)
    )
    return session.connection().execute(kept).rowcount > 0


def consents(session: Session, person_id: PersonId) -> list[Consented]:
    """Return every yes the labeler ever gave, oldest first."""
    rows = session.connection().execute(_CONSENTED, {"person": person_id})
    return [
        Consented(
            Severity(row.severity), row.preview_version,
            row.given_at, row.effective_at, row.expires_at, row.withdrawn_at,
        )
        for row in rows
    ]  # fmt: skip


def ask_consent(
    session: Session,
    person_id: PersonId,
    severity: Severity,
    preview_version: str,
    now: datetime,
    delay: timedelta,
) -> None:
    """Note a yes after a no: it begins and ends in one moment until it is confirmed (W-5)."""
    choices.give_consent(
        session, person_id, severity, preview_version, now, lifetime=delay, delay=delay
    )


def confirm_consent(
    session: Session, person_id: PersonId, severity: Severity, now: datetime, lifetime: timedelta
) -> bool:
    """Let a yes that has waited long enough hold from now on."""
    confirmed = (
        sa.update(_CONSENT)
        .where(
            _CONSENT.c.person_id == person_id,
            _CONSENT.c.severity == int(severity),
            _CONSENT.c.withdrawn_at.is_(None),
            _CONSENT.c.expires_at == _CONSENT.c.effective_at,
            _CONSENT.c.effective_at <= now,
        )
        .values(effective_at=now, expires_at=now + lifetime)
    )
    return session.connection().execute(confirmed).rowcount > 0


def _standing(
    person_id: PersonId, scope: OptOutScope, subject: str
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _OPT_OUT.c.person_id == person_id,
        _OPT_OUT.c.scope == scope,
        _OPT_OUT.c.subject == subject,
        _OPT_OUT.c.ended_at.is_(None),
    )


_DECLINED = (
    sa.select(
        _OPT_OUT.c.scope,
        _OPT_OUT.c.subject,
        # The day's opt-out runs from the last time it was pressed; every other from the first.
        sa.case(
            (_OPT_OUT.c.scope == OptOutScope.TODAY, sa.func.max(_OPT_OUT.c.started_at)),
            else_=sa.func.min(_OPT_OUT.c.started_at),
        ).label("since"),
        sa.func.max(_OPT_OUT.c.until).label("until"),
        sa.func.count().label("many"),
        sa.func.count(_OPT_OUT.c.until).label("ending"),
    )
    .where(
        _OPT_OUT.c.person_id == sa.bindparam("person"),
        _OPT_OUT.c.ended_at.is_(None),
        _OPT_OUT.c.scope != OptOutScope.ITEM,
    )
    .group_by(_OPT_OUT.c.scope, _OPT_OUT.c.subject)
    .order_by("since", _OPT_OUT.c.subject)
)
_ITEMS_DECLINED = (
    sa.select(_PROJECT.c.title, sa.func.count(sa.distinct(_ITEM.c.id)).label("many"))
    .select_from(_OPT_OUT)
    .join(_ITEM, _ITEM.c.id == sa.cast(_OPT_OUT.c.subject, _ITEM.c.id.type))
    .join(_PROJECT, _PROJECT.c.id == _ITEM.c.project_id)
    .where(
        _OPT_OUT.c.person_id == sa.bindparam("person"),
        _OPT_OUT.c.ended_at.is_(None),
        _OPT_OUT.c.scope == OptOutScope.ITEM,
    )
    .group_by(_PROJECT.c.id, _PROJECT.c.title)
    .order_by(_PROJECT.c.title)
)
_CONSENTED = (
    sa.select(_CONSENT)
    .where(_CONSENT.c.person_id == sa.bindparam("person"))
    .order_by(_CONSENT.c.given_at, _CONSENT.c.id)
)
