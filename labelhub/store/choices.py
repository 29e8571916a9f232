"""What labelers choose for themselves: opt-outs, consents and breaks."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import ItemId, OptOutScope, PersonId, ProjectId, Severity
from labelhub.domain.welfare.facts import OptOuts, PersonalBreak
from labelhub.identifiers import new_id
from labelhub.tables import metadata

_OPT_OUT = metadata.tables["opt_out"]
_CONSENT = metadata.tables["consent"]
_BREAK = metadata.tables["rest_break"]


def opt_out(
    session: Session, person_id: PersonId, scope: OptOutScope, subject: str, now: datetime
) -> None:
    """Record a choice not to see something. No reason is asked or stored.

    One that is in force already stays the one row, and has no end asked for any more; *today*
    begins anew each time.
    """
    if scope is not OptOutScope.TODAY and _in_force(session, person_id, scope, subject):
        again = {"person": person_id, "asked_scope": scope, "asked_subject": subject}
        session.connection().execute(_NO_END_ASKED, again)
        return
    session.connection().execute(
        sa.insert(_OPT_OUT),
        {
            "id": new_id(), "person_id": person_id, "scope": scope,
            "subject": subject, "started_at": now,
        },
    )  # fmt: skip


def end_opt_out(
    session: Session, person_id: PersonId, scope: OptOutScope, subject: str, now: datetime
) -> bool:
    """Take a choice back; only the labeler does."""
    ended = session.connection().execute(
        sa.update(_OPT_OUT)
        .where(
            _OPT_OUT.c.person_id == person_id,
            _OPT_OUT.c.scope == scope,
            _OPT_OUT.c.subject == subject,
            _OPT_OUT.c.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    return ended.rowcount > 0


def opt_outs(session: Session, person_id: PersonId) -> OptOuts:
    """Return what the labeler declines now.

    Single items are not among them: their declined assignment keeps them out of the queue for
    good, and the list would grow without bound. `items_declined` answers for one item.
    """
    categories: set[str] = set()
    projects: set[ProjectId] = set()
    severities: list[Severity] = []
    today: list[datetime] = []
    for row in session.connection().execute(_IN_FORCE, {"person": person_id}):
        match OptOutScope(row.scope):
            case OptOutScope.CATEGORY:
                categories.add(row.subject)
            case OptOutScope.PROJECT:
                projects.add(ProjectId(UUID(row.subject)))
            case OptOutScope.SEVERITY:
                severities.append(Severity(int(row.subject)))
            case OptOutScope.TODAY:
                today.append(row.started_at)
            case OptOutScope.ITEM:
                pass
    return OptOuts(
        categories=frozenset(categories),
        projects=frozenset(projects),
        severity=min(severities, default=None),
        today_at=max(today, default=None),
    )


def item_declined(session: Session, person_id: PersonId, item_id: ItemId) -> bool:
    return _in_force(session, person_id, OptOutScope.ITEM, item_id.hex)


def _in_force(session: Session, person_id: PersonId, scope: OptOutScope, subject: str) -> bool:
    asked = {"person": person_id, "asked_scope": scope, "subject": subject}
    return session.connection().execute(_CHOSEN, asked).first() is not None


def give_consent(
    session: Session,
    person_id: PersonId,
    severity: Severity,
    preview_version: str,
    now: datetime,
    *,
    lifetime: timedelta,
    delay: timedelta,
) -> None:
    """Record a yes to a severity; a yes after a no takes effect after *delay* (W-5)."""
    session.connection().execute(
        sa.insert(_CONSENT),
        {
            "id": new_id(), "person_id": person_id, "severity": int(severity),
            "preview_version": preview_version, "given_at": now,
            "effective_at": now + delay, "expires_at": now + lifetime,
        },
    )  # fmt: skip


def withdraw_consent(
    session: Session, person_id: PersonId, severity: Severity, now: datetime
) -> None:
    session.connection().execute(
        sa.update(_CONSENT)
        .where(
            _CONSENT.c.person_id == person_id,
            _CONSENT.c.severity == int(severity),
            _CONSENT.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )


def ever_withdrew(session: Session, person_id: PersonId, severity: Severity) -> bool:
    statement = sa.select(_CONSENT.c.id).where(
        _CONSENT.c.person_id == person_id,
        _CONSENT.c.severity == int(severity),
        _CONSENT.c.withdrawn_at.is_not(None),
    )
    return session.connection().execute(statement.limit(1)).first() is not None


def consents(session: Session, person_id: PersonId, now: datetime) -> dict[Severity, datetime]:
    """Return the severities consented to, and when each consent began to hold."""
    asked = {"person": person_id, "now": now}
    rows = session.connection().execute(_CONSENTS, asked)
    return {Severity(row.severity): row.effective_at for row in rows}


def start_break(session: Session, person_id: PersonId, kind: str, now: datetime) -> bool:
    """Begin a break the labeler takes themselves; False where one is running and goes on."""
    if personal_break(session, person_id) is not None:
        return False
    session.connection().execute(
        sa.insert(_BREAK),
        {"id": new_id(), "person_id": person_id, "kind": kind, "started_at": now},
    )
    return True


def end_break(session: Session, person_id: PersonId, now: datetime) -> timedelta | None:
    """End the labeler's own break; return how long it was, None if there was none."""
    running = personal_break(session, person_id)
    if running is None:
        return None
    session.connection().execute(
        sa.update(_BREAK)
        .where(_BREAK.c.person_id == person_id, _BREAK.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return now - running.started_at


def personal_break(session: Session, person_id: PersonId) -> PersonalBreak | None:
    row = session.connection().execute(_RUNNING, {"person": person_id}).first()
    return None if row is None else PersonalBreak(row.started_at, None)


_IN_FORCE = sa.select(_OPT_OUT.c.scope, _OPT_OUT.c.subject, _OPT_OUT.c.started_at).where(
    _OPT_OUT.c.person_id == sa.bindparam("person"),
    _OPT_OUT.c.ended_at.is_(None),
    _OPT_OUT.c.scope != OptOutScope.ITEM,
)
# For the statement that reads a labeler's standing: most labelers have neither, and then neither
# is asked for.
OPTED_OUT = sa.exists().where(
    _OPT_OUT.c.person_id == sa.bindparam("person"),
    _OPT_OUT.c.ended_at.is_(None),
    _OPT_OUT.c.scope != OptOutScope.ITEM,
)
CONSENTED = sa.exists().where(_CONSENT.c.person_id == sa.bindparam("person"))
_CHOSEN = (
    sa.select(_OPT_OUT.c.id)
    .where(
        _OPT_OUT.c.person_id == sa.bindparam("person"),
        _OPT_OUT.c.scope == sa.bindparam("asked_scope"),
        _OPT_OUT.c.subject == sa.bindparam("subject"),
        _OPT_OUT.c.ended_at.is_(None),
    )
    .limit(1)
)
_NO_END_ASKED = (
    sa.update(_OPT_OUT)
    .where(
        _OPT_OUT.c.person_id == sa.bindparam("person"),
        _OPT_OUT.c.scope == sa.bindparam("asked_scope"),
        _OPT_OUT.c.subject == sa.bindparam("asked_subject"),
        _OPT_OUT.c.ended_at.is_(None),
    )
    .values(until=None)
)
_CONSENTS = (
    sa.select(_CONSENT.c.severity, sa.func.max(_CONSENT.c.effective_at).label("effective_at"))
    .where(
        _CONSENT.c.person_id == sa.bindparam("person"),
        _CONSENT.c.withdrawn_at.is_(None),
        _CONSENT.c.effective_at <= sa.bindparam("now"),
        _CONSENT.c.expires_at > sa.bindparam("now"),
    )
    .group_by(_CONSENT.c.severity)
)
_RUNNING = (
    sa.select(_BREAK.c.started_at)
    .where(_BREAK.c.person_id == sa.bindparam("person"), _BREAK.c.ended_at.is_(None))
    .limit(1)
)
