"""Charges: the dose of each hidden exposure, with running sums that answer rolling windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import AssignmentId, ExposureId, PersonId, Severity
from labelhub.domain.welfare.dose import Charge
from labelhub.domain.welfare.windows import Measure, WindowDose, WindowQuestion
from labelhub.tables import metadata

_CHARGE = metadata.tables["charge"]
_EXPOSURE = metadata.tables["exposure"]
_SUM = {
    Measure.POINTS: _CHARGE.c.cumulative_ps,
    Measure.WORK: _CHARGE.c.cumulative_active_s,
    Measure.SEVERE: _CHARGE.c.cumulative_s4,
}


@dataclass(frozen=True, slots=True)
class Sums:
    """Running totals after a person's newest charge, or at the edge of a window."""

    seq: int = 0
    charge_ps: int = 0
    active_s: int = 0
    severe: int = 0

    def of(self, measure: Measure) -> int:
        return {
            Measure.POINTS: self.charge_ps,
            Measure.WORK: self.active_s,
            Measure.SEVERE: self.severe,
        }[measure]


NONE = Sums()


@dataclass(frozen=True, slots=True)
class Past:
    """A charge that was appended, as raising its severity needs it."""

    exposure_id: ExposureId
    severity: Severity
    active: timedelta
    charge_ps: int


def append(session: Session, person_id: PersonId, exposure_id: ExposureId, charge: Charge) -> None:
    """Add the dose of one hidden exposure; the caller holds the person's turn."""
    before = newest(session, person_id)
    session.connection().execute(
        sa.insert(_CHARGE),
        {
            "person_id": person_id, "seq": before.seq + 1, "exposure_id": exposure_id,
            "hidden_at": charge.hidden_at, "severity": int(charge.severity),
            "active_s": charge.active_s, "charge_ps": charge.charge_ps,
            "cumulative_ps": before.charge_ps + charge.charge_ps,
            "cumulative_s4": before.severe + (charge.severity == Severity.S4),
            "cumulative_active_s": before.active_s + charge.active_s,
        },
    )  # fmt: skip


def newest(session: Session, person_id: PersonId) -> Sums:
    row = session.connection().execute(_NEWEST, {"person": person_id}).one_or_none()
    return NONE if row is None else _sums(row)


def answer(
    session: Session, person_id: PersonId, asked: Sequence[WindowQuestion], now: datetime
) -> tuple[WindowDose, ...]:
    """Answer the gate's questions: two index look-ups a window, however long the history."""
    total = newest(session, person_id)
    edges = {window: _edge(session, person_id, now - window) for window in _lengths(asked)}
    return tuple(
        WindowDose(
            question.measure,
            question.window,
            spent := total.of(question.measure) - edges[question.window].of(question.measure),
            _room(session, person_id, question, total, spent, now),
        )
        for question in asked
    )


def of_assignment(session: Session, assignment_id: AssignmentId) -> list[Past]:
    """Return the charges of an item's exposures to the one labeler it was assigned to."""
    rows = session.connection().execute(_OF_ASSIGNMENT, {"assignment": assignment_id})
    return [
        Past(
            ExposureId(row.exposure_id),
            Severity(row.severity),
            timedelta(seconds=row.active_s),
            row.charge_ps,
        )
        for row in rows
    ]


def raise_severity(
    session: Session, person_id: PersonId, exposure_id: ExposureId, severity: Severity, ps: int
) -> None:
    """Raise the dose of a past exposure, and every running sum from there on (W-9)."""
    connection = session.connection()
    row = connection.execute(
        sa.select(_CHARGE.c.seq, _CHARGE.c.severity, _CHARGE.c.charge_ps).where(
            _CHARGE.c.exposure_id == exposure_id
        )
    ).one_or_none()
    if row is None or severity <= row.severity:
        return
    connection.execute(
        sa.update(_CHARGE)
        .where(_CHARGE.c.exposure_id == exposure_id)
        .values(severity=int(severity), charge_ps=ps)
    )
    connection.execute(
        sa.update(_CHARGE)
        .where(_CHARGE.c.person_id == person_id, _CHARGE.c.seq >= row.seq)
        .values(
            cumulative_ps=_CHARGE.c.cumulative_ps + (ps - row.charge_ps),
            cumulative_s4=_CHARGE.c.cumulative_s4 + int(severity == Severity.S4),
        )
    )


_NEWEST = (
    sa.select(
        _CHARGE.c.seq,
        _CHARGE.c.cumulative_ps,
        _CHARGE.c.cumulative_active_s,
        _CHARGE.c.cumulative_s4,
    )
    .where(_CHARGE.c.person_id == sa.bindparam("person"))
    .order_by(_CHARGE.c.seq.desc())
    .limit(1)
)
_EDGE = (
    _NEWEST.with_only_columns(*_NEWEST.selected_columns)
    .where(_CHARGE.c.hidden_at <= sa.bindparam("edge"))
    .order_by(None)
    .order_by(_CHARGE.c.hidden_at.desc(), _CHARGE.c.seq.desc())
)
_OF_ASSIGNMENT = (
    sa.select(_CHARGE.c.exposure_id, _CHARGE.c.severity, _CHARGE.c.active_s, _CHARGE.c.charge_ps)
    .join(_EXPOSURE, _EXPOSURE.c.id == _CHARGE.c.exposure_id)
    .where(_EXPOSURE.c.assignment_id == sa.bindparam("assignment"))
)
# Inside the window only: there the row always is, and a long history is not looked at.
_FIRST_REACHING = {
    measure: sa.select(_CHARGE.c.hidden_at)
    .where(
        _CHARGE.c.person_id == sa.bindparam("person"),
        _CHARGE.c.hidden_at > sa.bindparam("edge"),
        column >= sa.bindparam("total"),
    )
    .order_by(_CHARGE.c.seq)
    .limit(1)
    for measure, column in _SUM.items()
}


def _lengths(asked: Sequence[WindowQuestion]) -> set[Any]:
    return {question.window for question in asked}


def _edge(session: Session, person_id: PersonId, edge: datetime) -> Sums:
    row = session.connection().execute(_EDGE, {"person": person_id, "edge": edge}).one_or_none()
    return NONE if row is None else _sums(row)


def _room(
    session: Session,
    person_id: PersonId,
    question: WindowQuestion,
    total: Sums,
    spent: int,
    now: datetime,
) -> dict[Severity, datetime]:
    """Return when each tier that lacks room has it again; a question only for those."""
    room: dict[Severity, datetime] = {}
    for severity, most in question.admits.items():
        if spent <= most:
            continue
        wanted = {
            "person": person_id, "edge": now - question.window,
            "total": total.of(question.measure) - most,
        }  # fmt: skip
        statement = _FIRST_REACHING[question.measure]
        hidden_at = session.connection().execute(statement, wanted).scalar_one()
        room[severity] = hidden_at + question.window
    return room


def _sums(row: Any) -> Sums:
    return Sums(row.seq, row.cumulative_ps, row.cumulative_active_s, row.cumulative_s4)
