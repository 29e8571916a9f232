"""Carried charges: what a labeler did elsewhere and brought with them; it counts in every window.

A person who carried nothing pays nothing for this: `ANY` is a flag in a statement that is asked
anyway.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.record.carried import CarriedCharge
from labelhub.domain.vocabulary import PersonId, Severity
from labelhub.domain.welfare.windows import Measure
from labelhub.identifiers import new_id
from labelhub.store.prepared import Prepared
from labelhub.tables import metadata

_RECORD = metadata.tables["carried_record"]
_CARRIED = metadata.tables["carried_charge"]
_CHARGE = metadata.tables["charge"]
_PIECE = 1_000


@dataclass(frozen=True, slots=True)
class CarriedRecord:
    """A record that was brought here: whose key signed it, when, and how much of it counted."""

    id: UUID
    digest: str
    issuer: str
    issued_at: datetime  # the issuer's gate time
    carried_at: datetime
    exposures: int


def add(
    session: Session,
    person_id: PersonId,
    found: CarriedRecord,
    charges: Iterable[CarriedCharge],
) -> int:
    """Keep a record and its charges; return how many. The caller holds the person's turn."""
    connection = session.connection()
    connection.execute(
        sa.insert(_RECORD),
        {
            "id": found.id, "person_id": person_id, "digest": found.digest,
            "issuer": found.issuer, "issued_at": found.issued_at,
            "carried_at": found.carried_at, "exposures": 0,
        },
    )  # fmt: skip
    number, piece = 0, []
    for number, charge in enumerate(charges, start=1):
        piece.append({
            "record_id": found.id, "number": number, "person_id": person_id,
            "hidden_at": charge.hidden_at, "severity": int(charge.severity),
            "active_s": charge.active_s, "charge_ps": charge.charge_ps,
        })  # fmt: skip
        if len(piece) == _PIECE:
            connection.execute(sa.insert(_CARRIED), piece)
            piece = []
    if piece:
        connection.execute(sa.insert(_CARRIED), piece)
    connection.execute(sa.update(_RECORD).where(_RECORD.c.id == found.id).values(exposures=number))
    return number


def made(digest: str, issuer: str, issued_at: datetime, now: datetime) -> CarriedRecord:
    return CarriedRecord(new_id(), digest, issuer, issued_at, now, 0)


def records(session: Session, person_id: PersonId) -> list[CarriedRecord]:
    """Return what a person brought, oldest first."""
    statement = (
        sa.select(_RECORD)
        .where(_RECORD.c.person_id == person_id)
        .order_by(_RECORD.c.carried_at, _RECORD.c.id)
    )
    return [
        CarriedRecord(row.id, row.digest, row.issuer, row.issued_at, row.carried_at, row.exposures)
        for row in session.connection().execute(statement)
    ]


def any_of(session: Session, person_id: PersonId) -> bool:
    statement = sa.select(_CARRIED.c.number).where(_CARRIED.c.person_id == person_id).limit(1)
    return session.connection().execute(statement).first() is not None


def count_since(session: Session, person_id: PersonId, since: datetime) -> int:
    """Return how many carried charges can still matter."""
    statement = sa.select(sa.func.count()).where(
        _CARRIED.c.person_id == person_id, _CARRIED.c.hidden_at > since
    )
    return int(session.connection().execute(statement).scalar_one())


def sums(
    session: Session, person_id: PersonId, edges: Sequence[datetime]
) -> list[dict[Measure, int]]:
    """Return what lies after each edge, in one statement over the widest window's rows."""
    asked: dict[str, object] = {f"edge_{place}": edge for place, edge in enumerate(edges)}
    row = _after(len(edges)).one(session, {**asked, "person": person_id, "oldest": min(edges)})
    return [
        {measure: int(getattr(row, f"{measure.value}_{place}")) for measure in Measure}
        for place in range(len(edges))
    ]


def first_reaching(
    session: Session,
    person_id: PersonId,
    measure: Measure,
    edge: datetime,
    wanted: Sequence[int],
) -> list[datetime]:
    """Return when that charge was hidden with which the window's charges make each amount.

    Own and carried ones together, counted from the oldest on. There is one whenever room lacks.
    """
    asked = {f"wanted_{place}": amount for place, amount in enumerate(wanted)}
    statement = _reaching(measure, len(wanted))
    row = session.connection().execute(statement, {"person": person_id, "edge": edge, **asked})
    return list(row.one())


def edges(
    session: Session, person_id: PersonId, after: datetime, measure: Measure
) -> tuple[datetime, datetime] | None:
    """Return when the first and the last carried charge of a measure after a moment count."""
    statement = sa.select(
        sa.func.min(_CARRIED.c.hidden_at), sa.func.max(_CARRIED.c.hidden_at)
    ).where(
        _CARRIED.c.person_id == person_id,
        _CARRIED.c.hidden_at > after,
        _amount(_CARRIED, measure) > 0,
    )
    first, last = session.connection().execute(statement).one()
    return None if first is None else (first, last)


def all_of(session: Session, person_id: PersonId) -> Iterator[tuple[str, CarriedCharge]]:
    """Return every carried charge with its issuer, in bounded memory."""
    for record in records(session, person_id):
        after = 0
        while True:
            rows = (
                session.connection()
                .execute(
                    sa.select(_CARRIED)
                    .where(_CARRIED.c.record_id == record.id, _CARRIED.c.number > after)
                    .order_by(_CARRIED.c.number)
                    .limit(_PIECE)
                )
                .all()
            )
            for row in rows:
                yield (
                    record.issuer,
                    CarriedCharge(
                        row.hidden_at,
                        Severity(row.severity),
                        row.active_s,
                        row.charge_ps,
                        record.carried_at,
                    ),
                )
            if len(rows) < _PIECE:
                break
            after = rows[-1].number


def between(
    session: Session, person_id: PersonId, moments: Sequence[datetime], window: timedelta
) -> list[int]:
    """Return the carried points, in point-seconds, of the window that ends at each moment."""
    rows = session.connection().execute(
        sa.select(_CARRIED.c.hidden_at, _CARRIED.c.charge_ps).where(
            _CARRIED.c.person_id == person_id, _CARRIED.c.hidden_at > min(moments) - window
        )
    )
    found = [(row.hidden_at, row.charge_ps) for row in rows]
    return [
        sum(ps for hidden, ps in found if moment - window < hidden <= moment) for moment in moments
    ]


ANY = sa.exists().where(_CARRIED.c.person_id == sa.bindparam("person"))
"""Whether the person of the statement carried any charge."""


def _amount(table: sa.Table, measure: Measure) -> sa.ColumnElement[int]:
    match measure:
        case Measure.POINTS:
            return table.c.charge_ps
        case Measure.WORK:
            return table.c.active_s
        case Measure.SEVERE:
            return sa.case((table.c.severity == int(Severity.S4), 1), else_=0)


@cache
def _after(count: int) -> Prepared:
    columns: list[Any] = [
        sa.func.coalesce(
            sa.func.sum(
                sa.case(
                    (
                        _CARRIED.c.hidden_at > sa.bindparam(f"edge_{place}"),
                        _amount(_CARRIED, measure),
                    ),
                    else_=0,
                )
            ),
            0,
        ).label(f"{measure.value}_{place}")
        for place in range(count)
        for measure in Measure
    ]
    return Prepared(
        sa.select(*columns).where(
            _CARRIED.c.person_id == sa.bindparam("person"),
            _CARRIED.c.hidden_at > sa.bindparam("oldest"),
        )
    )


@cache
def _reaching(measure: Measure, count: int) -> sa.Select[Any]:
    each = [
        sa.select(table.c.hidden_at, _amount(table, measure).label("amount")).where(
            table.c.person_id == sa.bindparam("person"),
            table.c.hidden_at > sa.bindparam("edge"),
        )
        for table in (_CHARGE, _CARRIED)
    ]
    both = sa.union_all(*each).subquery("both")
    reached = sa.func.sum(both.c.amount).over(order_by=both.c.hidden_at).label("reached")
    so_far = sa.select(both.c.hidden_at, reached).subquery("so_far")
    return sa.select(
        *(
            sa.func.min(
                sa.case((so_far.c.reached >= sa.bindparam(f"wanted_{place}"), so_far.c.hidden_at))
            ).label(f"reached_{place}")
            for place in range(count)
        )
    )
