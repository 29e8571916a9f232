"""Ratings by labelers: appended in versions, one of them current."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.instruments.harm import CompletionHarm, HarmRating, to_record
from labelhub.domain.instruments.preference import Preference
from labelhub.domain.vocabulary import (
    AssignmentId,
    Choice,
    OrganisationId,
    PersonId,
    RaterId,
    RaterKind,
    RatingId,
    Severity,
)
from labelhub.identifiers import new_id, new_ordered_id
from labelhub.store.assignments import Assignment
from labelhub.store.inserting import insert_unless_known
from labelhub.store.prepared import Prepared
from labelhub.tables import metadata

_RATER = metadata.tables["rater"]
_RATING = metadata.tables["rating"]

Answer = Preference | HarmRating


@dataclass(frozen=True, slots=True)
class Submitted:
    """A current rating, as undo needs it."""

    rating_id: RatingId
    assignment_id: AssignmentId
    version: int
    rated_at: datetime
    answer: Answer


def rater_of(session: Session, organisation_id: OrganisationId, person_id: PersonId) -> RaterId:
    """Return who the labeler is towards a lab; the name kept there is random."""
    connection = session.connection()
    asked = {"organisation": organisation_id, "person": person_id}
    known = connection.execute(_RATER_OF, asked).scalar_one_or_none()
    if known is None:
        fresh = new_id()
        values = {
            "id": fresh, "organisation_id": organisation_id, "kind": RaterKind.LABELER,
            "person_id": person_id, "name": f"labeler:{fresh.hex}",
        }  # fmt: skip
        insert_unless_known(session, _RATER, values)
        known = connection.execute(_RATER_OF, asked).scalar_one()
    return RaterId(known)


def append(
    session: Session,
    assignment: Assignment,
    answer: Answer,
    *,
    rating_id: RatingId,
    status: str,
    active_ms: int,
    now: datetime,
) -> None:
    """Add the next version of the answer to an assignment; *status* is accepted or late."""
    rater = assignment.rater_id or rater_of(
        session, assignment.organisation_id, assignment.person_id
    )
    _APPEND.later(
        session,
        {
            "id": rating_id, "organisation_id": assignment.organisation_id,
            "project_id": assignment.project_id, "item_id": assignment.item_id,
            "rater_id": rater, "vendor_organisation_id": assignment.vendor_organisation_id,
            "assignment_id": assignment.id, "answered": assignment.id, "status": status,
            "current": status == "accepted", "swapped": assignment.swapped,
            "active_ms": active_ms, "guidelines_version": assignment.guidelines_version,
            "instrument_version": assignment.instrument_version,
            "rated_at": now, **_columns(answer),
        },
    )  # fmt: skip


def new_rating_id() -> RatingId:
    return RatingId(new_ordered_id())


def find_last(session: Session, person_id: PersonId, since: datetime) -> Submitted | None:
    """Return the last answer the person gave after *since*, unless it was undone or came late.

    An older answer is never meant: undoing twice must not take back two.
    """
    asked = {"person": person_id, "since": since}
    row = session.connection().execute(_LAST, asked).first()
    if row is None or not row.current:
        return None
    return Submitted(
        RatingId(row.id), AssignmentId(row.assignment_id), row.version, row.rated_at, _answer(row)
    )


def stands(session: Session, assignment_id: AssignmentId) -> bool:
    """Say whether an answer to this assignment was kept, within the overlap or late."""
    return session.connection().execute(_STANDS, {"assignment": assignment_id}).first() is not None


def withdraw(session: Session, submitted: Submitted) -> None:
    """Mark a rating as undone; the row and its answer stay (D-6)."""
    session.connection().execute(
        sa.update(_RATING)
        .where(_RATING.c.id == submitted.rating_id)
        .values(status="withdrawn", current=False)
    )


_RATER_OF = sa.select(_RATER.c.id).where(
    _RATER.c.organisation_id == sa.bindparam("organisation"),
    _RATER.c.person_id == sa.bindparam("person"),
)
_earlier = _RATING.alias("earlier")
_APPEND = Prepared(
    sa.insert(_RATING).values(
        version=sa.select(sa.func.coalesce(sa.func.max(_earlier.c.version), 0) + 1)
        .where(_earlier.c.assignment_id == sa.bindparam("answered"))
        .scalar_subquery()
    ),
    [column.name for column in _RATING.c if column.name != "version"],
)
_STANDS = sa.select(_RATING.c.id).where(
    _RATING.c.assignment_id == sa.bindparam("assignment"), _RATING.c.status != "withdrawn"
)
_MINE = _RATING.join(_RATER, _RATER.c.id == _RATING.c.rater_id)
_LAST = (
    sa.select(_RATING)
    .select_from(_MINE)
    .where(
        _RATER.c.person_id == sa.bindparam("person"), _RATING.c.rated_at >= sa.bindparam("since")
    )
    .order_by(_RATING.c.rated_at.desc(), _RATING.c.id.desc())
    .limit(1)
)


def _columns(answer: Answer) -> dict[str, object]:
    if isinstance(answer, Preference):
        return {
            "choice": answer.choice, "strength": answer.strength,
            "harm": "", "rationale": answer.rationale,
        }  # fmt: skip
    harm = orjson.dumps(to_record(answer)).decode()
    return {"choice": None, "strength": 0, "harm": harm, "rationale": answer.rationale}


def _answer(row: Any) -> Answer:
    if row.choice is not None:
        return Preference(Choice(row.choice), row.strength, row.rationale)
    found = orjson.loads(row.harm)["completions"]
    return HarmRating(
        tuple(CompletionHarm(Severity(one["severity"]), tuple(one["hazards"])) for one in found),
        row.rationale,
    )
