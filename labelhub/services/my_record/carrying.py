"""Bringing a record from another installation: it can only lower what remains (D.7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.accounts import normalised_email
from labelhub.domain.record.carried import (
    MOST_EXPOSURES,
    CarriedCharge,
    CarriedError,
    Fault,
    Issue,
    aged,
    checked_issue,
)
from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.windows import MONTH
from labelhub.layouts.own_record import OwnRecord
from labelhub.services import hiding
from labelhub.store import carried, joinings, people
from labelhub.store import record as events
from labelhub.store.labelers import Turn

CarriedRecord = carried.CarriedRecord


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: how many exposures count from now on; `known`: it was here already."""

    counted: int
    known: bool = False


def carry(
    session: Session, person_id: PersonId, brought: OwnRecord, own_key: str, clock: Clock
) -> Outcome:
    """Let another installation's exposures count here, from now on and for good.

    Of one issuer, a later record adds only what it holds beyond the earlier one.

    Raises:
        CarriedError: the record is another person's or our own, or cannot be true; nothing is
            kept of it.

    """
    turn = hiding.settled_turn(session, person_id, clock)
    _require_theirs(session, person_id, brought, own_key)
    if not turn.verified:
        raise CarriedError(Fault.TIME_UNVERIFIED)
    issue = checked_issue(brought.issue, turn.wall)
    before = carried.records(session, person_id)
    if any(each.digest == brought.digest for each in before):
        return Outcome(0, known=True)
    known = [each.issued_at for each in before if each.issuer == brought.issuer]
    kept = carried.made(brought.digest, brought.issuer, issue.gate_time, turn.now)
    already = carried.count_since(session, person_id, turn.now - MONTH)
    counting = _counting(
        brought.charges(but_not_from=own_key), issue, turn, max(known, default=None), already
    )
    counted = carried.add(session, person_id, kept, counting)
    _tell(session, turn, {"carried": brought.digest, "issuer": brought.issuer, "count": counted})
    return Outcome(counted)


def brought(session: Session, person_id: PersonId) -> list[CarriedRecord]:
    """Return the records that a labeler brought. None can be taken away again."""
    return carried.records(session, person_id)


def _require_theirs(
    session: Session, person_id: PersonId, brought: OwnRecord, own_key: str
) -> None:
    if brought.issuer == own_key:
        raise CarriedError(Fault.OWN)
    if normalised_email(brought.email) != people.get(session, person_id).email:
        raise CarriedError(Fault.OTHER_PERSON, "person.email")


def _counting(
    charges: Iterator[CarriedCharge],
    issue: Issue,
    turn: Turn,
    known_until: datetime | None,
    already: int,
) -> Iterator[CarriedCharge]:
    """Return what still lies in a window; every entry is checked, also those that do not."""
    for charge in charges:
        if known_until is not None and charge.counted_at <= known_until:
            continue
        here = aged(charge, issue, turn.wall, turn.now)
        if here is None:
            continue
        already += 1
        if already > MOST_EXPOSURES:
            raise CarriedError(Fault.TOO_MANY)
        yield here


def _tell(session: Session, turn: Turn, what: dict[str, object]) -> None:
    """Write the event. Its kind does not say that the person also works elsewhere (W-7)."""
    organisation = joinings.employer(session, turn.person_id, "")
    if organisation is not None:
        events.append(session, organisation, turn.person_id, "choice", what, turn.now, turn.wall)
