"""Charges: the dose of each hidden exposure, with running sums that answer rolling windows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import AssignmentId, ExposureId, PersonId, Severity
from labelhub.domain.welfare.dose import Charge
from labelhub.domain.welfare.windows import Measure, WindowDose, WindowQuestion
from labelhub.store import carried
from labelhub.store.exposures import UNCHARGED
from labelhub.store.prepared import Prepared, at_most
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
        match measure:
            case Measure.POINTS:
                return self.charge_ps
            case Measure.WORK:
                return self.active_s
            case Measure.SEVERE:
                return self.severe


NONE = Sums()


@dataclass(frozen=True, slots=True)
class Past:
    """A charge that was appended, as raising its severity needs it."""

    exposure_id: ExposureId
    severity: Severity
    active: timedelta
    charge_ps: int


def append(session: Session, person_id: PersonId, charge: Charge, shown_at: datetime) -> None:
    """Add the dose of the open exposure, now hidden; the caller holds the person's turn."""
    _APPEND.run(
        session,
        {
            "person": person_id, "shown_at": shown_at, "at": charge.hidden_at,
            "tier": int(charge.severity),
            "active": charge.active_s, "ps": charge.charge_ps,
            "severe": int(charge.severity == Severity.S4),
        },
    )  # fmt: skip


def answer(
    session: Session,
    person_id: PersonId,
    asked: Sequence[WindowQuestion],
    now: datetime,
    *,
    with_carried: bool = False,
) -> tuple[WindowDose, ...]:
    """Answer the gate's questions: two index look-ups a window, however long the history.

    *with_carried*: the person brought charges from elsewhere, and those count beside their own.
    """
    windows = sorted({question.window for question in asked})
    total, *sums = _totals(session, person_id, [now - window for window in windows])
    edges = dict(zip(windows, sums, strict=True))
    if with_carried and windows:
        return _answer_with_carried(session, person_id, asked, total, edges, now)
    return tuple(
        WindowDose(
            question.measure,
            question.window,
            spent := total.of(question.measure) - edges[question.window].of(question.measure),
            _room(session, person_id, question, total, spent, now),
        )
        for question in asked
    )


def _answer_with_carried(
    session: Session,
    person_id: PersonId,
    asked: Sequence[WindowQuestion],
    total: Sums,
    edges: Mapping[timedelta, Sums],
    now: datetime,
) -> tuple[WindowDose, ...]:
    """Add what was carried to every window; when room comes back depends on both."""
    brought = carried.sums(session, person_id, [now - window for window in edges])
    beside = dict(zip(edges, brought, strict=True))
    doses = []
    for question in asked:
        measure, window = question.measure, question.window
        own = total.of(measure) - edges[window].of(measure)
        spent = own + beside[window][measure]
        lacking = {tier: spent - most for tier, most in question.admits.items() if spent > most}
        room: dict[Severity, datetime] = {}
        if lacking:
            amounts = list(lacking.values())
            back = carried.first_reaching(session, person_id, measure, now - window, amounts)
            room = {tier: at + window for tier, at in zip(lacking, back, strict=True)}
        doses.append(WindowDose(measure, window, spent, room))
    return tuple(doses)


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


_SUMS = sa.select(
    _CHARGE.c.seq,
    _CHARGE.c.cumulative_ps,
    _CHARGE.c.cumulative_active_s,
    _CHARGE.c.cumulative_s4,
).where(_CHARGE.c.person_id == sa.bindparam("person"))
_NEWEST = at_most(1, _SUMS.order_by(_CHARGE.c.seq.desc()))


def _after(column: sa.ColumnElement[Any], more: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return the newest charge's running sum, and *more*."""
    return sa.func.coalesce(_NEWEST.with_only_columns(column).scalar_subquery(), 0) + more


# One statement: the exposure is the one on screen, and the sums go on from the newest charge.
# Each sum looks that charge up by itself: a join would build a table for it on SQLite.
_active, _points = sa.bindparam("active", type_=sa.Integer), sa.bindparam("ps", type_=sa.BigInteger)
_APPEND = Prepared(sa.insert(_CHARGE).from_select(
    [
        "person_id", "seq", "exposure_id", "hidden_at", "severity", "active_s", "charge_ps",
        "cumulative_ps", "cumulative_s4", "cumulative_active_s",
    ],
    sa.select(
        sa.bindparam("person", type_=_CHARGE.c.person_id.type),
        _after(_CHARGE.c.seq, sa.literal(1)),
        UNCHARGED.with_only_columns(_EXPOSURE.c.id).scalar_subquery(),
        sa.bindparam("at", type_=_CHARGE.c.hidden_at.type),
        sa.bindparam("tier", type_=sa.Integer),
        _active,
        _points,
        _after(_CHARGE.c.cumulative_ps, _points),
        _after(_CHARGE.c.cumulative_s4, sa.bindparam("severe", type_=sa.Integer)),
        _after(_CHARGE.c.cumulative_active_s, _active),
    ),
))  # fmt: skip
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


def _totals(session: Session, person_id: PersonId, edges: Sequence[datetime]) -> list[Sums]:
    """Return the running sums now and at each edge, in one statement."""
    asked: dict[str, object] = {f"edge_{number}": edge for number, edge in enumerate(edges)}
    rows = _at_edges(len(edges)).all(session, {**asked, "person": person_id})
    found = {row.place: _sums(row) for row in rows}
    return [found.get(place, NONE) for place in range(-1, len(edges))]


@cache
def _at_edges(count: int) -> Prepared:
    """Ask for the newest charge (place -1), and the last at or before each edge."""
    last = (
        at_most(
            1,
            _SUMS.where(_CHARGE.c.hidden_at <= sa.bindparam(f"edge_{number}")).order_by(
                _CHARGE.c.hidden_at.desc(), _CHARGE.c.seq.desc()
            ),
        )
        for number in range(count)
    )
    each = [one.subquery() for one in (_NEWEST, *last)]
    return Prepared(
        sa.union_all(
            *(
                sa.select(sa.literal_column(str(place), sa.Integer).label("place"), one)
                for place, one in enumerate(each, start=-1)
            )
        )
    )


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
