"""A labeler's exposures with what each cost: never the text, and never more than a page at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId, Severity
from labelhub.domain.welfare.windows import Measure
from labelhub.store.prepared import Prepared
from labelhub.tables import metadata

_CHARGE = metadata.tables["charge"]
_EXPOSURE = metadata.tables["exposure"]
_PROJECT = metadata.tables["project"]
_PIECE = 1_000
_FIRST = 0
_LAST = 2**62


@dataclass(frozen=True, slots=True)
class OwnExposure:
    """One exposure that has ended. `screened` is its severity when it was shown."""

    seq: int
    project: str
    project_slug: str
    shown_at: datetime
    hidden_at: datetime
    screened: Severity
    severity: Severity
    active_s: int
    charge_ps: int


@dataclass(frozen=True, slots=True)
class OpenExposure:
    """What is on screen: it counts when it is hidden, and until then by its granted time."""

    project: str
    project_slug: str
    shown_at: datetime
    severity: Severity
    granted: timedelta


def page(session: Session, person_id: PersonId, before: int | None, size: int) -> list[OwnExposure]:
    """Return up to *size* exposures, newest first, those numbered below *before*."""
    asked = {"person": person_id, "before": _LAST if before is None else before, "most": size}
    return [_exposure(row) for row in session.connection().execute(_PAGE, asked)]


def all_of(
    session: Session,
    person_id: PersonId,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[OwnExposure]:
    """Return every exposure hidden in [*since*, *until*), oldest first, in bounded memory."""
    after = _FIRST if since is None else _number_before(session, person_id, since)
    last = _LAST if until is None else _number_before(session, person_id, until)
    while True:
        asked = {"person": person_id, "after": after, "last": last, "most": _PIECE}
        rows = session.connection().execute(_NEXT, asked).all()
        yield from (_exposure(row) for row in rows)
        if len(rows) < _PIECE:
            return
        after = rows[-1].seq


def count(session: Session, person_id: PersonId) -> int:
    """Return how many have ended: the number of the newest."""
    found = session.connection().execute(_NEWEST, {"person": person_id}).scalar_one_or_none()
    return int(found or 0)


def first_at(session: Session, person_id: PersonId) -> datetime | None:
    """Return when the first exposure was hidden."""
    return session.connection().execute(_OLDEST, {"person": person_id}).scalar_one_or_none()


def open_now(session: Session, person_id: PersonId, shown_at: datetime) -> OpenExposure | None:
    """Return what has been on screen since *shown_at*, without a charge yet."""
    row = session.connection().execute(_OPEN, {"person": person_id, "shown_at": shown_at}).first()
    if row is None:
        return None
    return OpenExposure(
        row.title, row.slug, row.shown_at, Severity(row.severity), timedelta(seconds=row.granted_s)
    )


def sums_at(session: Session, person_id: PersonId, moments: Sequence[datetime]) -> list[int]:
    """Return the running sum of point-seconds at each moment: one look-up each, one statement."""
    rows = _moments(moments)
    so_far = (
        sa.select(_CHARGE.c.cumulative_ps)
        .where(_CHARGE.c.person_id == person_id, _CHARGE.c.hidden_at <= rows.c.at)
        .order_by(_CHARGE.c.hidden_at.desc(), _CHARGE.c.seq.desc())
        .limit(sa.literal_column("1"))
        .scalar_subquery()
    )
    statement = sa.select(rows.c.place, sa.func.coalesce(so_far, 0).label("sum"))
    found = {row.place: int(row.sum) for row in session.connection().execute(statement)}
    return [found[place] for place in range(len(moments))]


def edges(
    session: Session, person_id: PersonId, after: datetime, measure: Measure
) -> tuple[datetime, datetime] | None:
    """Return when the first and the last charge of a measure after a moment were hidden."""
    asked = {"person": person_id, "after": after}
    first, last = (
        session.connection().execute(each, asked).scalar_one_or_none() for each in _EDGES[measure]
    )
    return None if first is None or last is None else (first, last)


def days(
    session: Session, person_id: PersonId, bounds: Sequence[tuple[datetime, datetime]]
) -> list[tuple[int, int, int]]:
    """Return items shown, seconds and point-seconds of each span of time."""
    starts = _moments([start for start, _end in bounds], "starts")
    ends = _moments([end for _start, end in bounds], "ends")
    statement = (
        sa.select(
            starts.c.place,
            sa.func.count().label("items"),
            sa.func.sum(_CHARGE.c.active_s).label("active_s"),
            sa.func.sum(_CHARGE.c.charge_ps).label("charge_ps"),
        )
        .select_from(starts)
        .join(ends, ends.c.place == starts.c.place)
        .join(
            _CHARGE,
            sa.and_(
                _CHARGE.c.person_id == person_id,
                _CHARGE.c.hidden_at >= starts.c.at,
                _CHARGE.c.hidden_at < ends.c.at,
            ),
        )
        .group_by(starts.c.place)
    )
    found = {
        row.place: (int(row.items), int(row.active_s), int(row.charge_ps))
        for row in session.connection().execute(statement)
    }
    return [found.get(place, (0, 0, 0)) for place in range(len(bounds))]


def _moments(moments: Sequence[datetime], name: str = "moments") -> Any:
    """Return moments as rows that a statement can be asked for, each with its place."""
    given = sa.values(
        sa.column("place", sa.Integer), sa.column("at", _CHARGE.c.hidden_at.type), name=name
    ).data(list(enumerate(moments)))
    return given.cte(f"{name}_given")


def _number_before(session: Session, person_id: PersonId, moment: datetime) -> int:
    asked = {"person": person_id, "moment": moment}
    row = _BEFORE.one_or_none(session, asked)
    return 0 if row is None else int(row.seq)


def _exposure(row: Any) -> OwnExposure:
    return OwnExposure(
        row.seq, row.title, row.slug, row.shown_at, row.hidden_at, Severity(row.screened),
        Severity(row.severity), row.active_s, row.charge_ps,
    )  # fmt: skip


_OWN = (
    sa.select(
        _CHARGE.c.seq,
        _CHARGE.c.hidden_at,
        _CHARGE.c.severity,
        _CHARGE.c.active_s,
        _CHARGE.c.charge_ps,
        _EXPOSURE.c.shown_at,
        _EXPOSURE.c.severity.label("screened"),
        _PROJECT.c.title,
        _PROJECT.c.slug,
    )
    .join(_EXPOSURE, _EXPOSURE.c.id == _CHARGE.c.exposure_id)
    .join(_PROJECT, _PROJECT.c.id == _EXPOSURE.c.project_id)
    .where(_CHARGE.c.person_id == sa.bindparam("person"))
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_PAGE = _OWN.where(_CHARGE.c.seq < sa.bindparam("before")).order_by(_CHARGE.c.seq.desc())
_NEXT = _OWN.where(
    _CHARGE.c.seq > sa.bindparam("after"), _CHARGE.c.seq <= sa.bindparam("last")
).order_by(_CHARGE.c.seq)
_OF: sa.BindParameter[Any] = sa.bindparam("person")
_NEWEST = (
    sa.select(_CHARGE.c.seq)
    .where(_CHARGE.c.person_id == _OF)
    .order_by(_CHARGE.c.seq.desc())
    .limit(1)
)
_OLDEST = (
    sa.select(_CHARGE.c.hidden_at)
    .where(_CHARGE.c.person_id == _OF)
    .order_by(_CHARGE.c.seq)
    .limit(1)
)
_COUNTS = {
    Measure.POINTS: _CHARGE.c.charge_ps > 0,
    Measure.WORK: _CHARGE.c.active_s > 0,
    Measure.SEVERE: _CHARGE.c.severity == int(Severity.S4),
}
_AFTER = sa.select(_CHARGE.c.hidden_at).where(
    _CHARGE.c.person_id == _OF, _CHARGE.c.hidden_at > sa.bindparam("after")
)
_EDGES = {
    measure: (
        _AFTER.where(counts).order_by(_CHARGE.c.hidden_at).limit(1),
        _AFTER.where(counts).order_by(_CHARGE.c.hidden_at.desc()).limit(1),
    )
    for measure, counts in _COUNTS.items()
}
_BEFORE = Prepared(
    sa.select(_CHARGE.c.seq)
    .where(_CHARGE.c.person_id == _OF, _CHARGE.c.hidden_at < sa.bindparam("moment"))
    .order_by(_CHARGE.c.hidden_at.desc(), _CHARGE.c.seq.desc())
    .limit(sa.literal_column("1"))
    .offset(sa.literal_column("0"))
)
_OPEN = (
    sa.select(
        _EXPOSURE.c.shown_at,
        _EXPOSURE.c.severity,
        _EXPOSURE.c.granted_s,
        _PROJECT.c.title,
        _PROJECT.c.slug,
    )
    .join(_PROJECT, _PROJECT.c.id == _EXPOSURE.c.project_id)
    .where(
        _EXPOSURE.c.person_id == _OF,
        _EXPOSURE.c.shown_at == sa.bindparam("shown_at"),
        ~sa.exists().where(_CHARGE.c.exposure_id == _EXPOSURE.c.id),
    )
    .limit(1)
)
