"""Loosening limits: asked by one, confirmed by another after a wait, withdrawn at any time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.limits import PolicyError
from labelhub.domain.welfare.loosening import (
    Answer,
    Change,
    NotAskableError,
    Request,
    Yes,
    check_askable,
    delay_of,
    fresh_sign_in,
    loosened_to,
    second_yes,
)
from labelhub.services.limits import holding
from labelhub.services.limits.tightening import written
from labelhub.services.limits.whose import Whose, entitled, require
from labelhub.store import limit_requests

__all__ = ["Answer", "NotAskableError"]


def ask(
    session: Session, whose: Whose, document: Mapping[str, Any], by: PersonId, clock: Clock
) -> Request:
    """Ask for the looser limits that *document* names. Nothing changes by it.

    Raises:
        PolicyError: the document names an unknown limit, or one looser than its ceiling.
        NotAskableError: one is no loosening of this layer, goes beyond what holds outside it, or
            is being asked for already.
        NotTheirsError: the person does not speak for these limits.

    """
    change = Change.from_mapping(document)
    if not change.names:
        raise PolicyError("limits: none is named")
    held = holding.hold(session, whose, clock)
    require(session, whose, by)
    check_askable(held.own, held.outer, change)
    _refuse_twice(session, whose, change)
    delay = delay_of(whose.layer, holding.strictest(session, whose, held.now))
    request = limit_requests.add(
        session, whose.layer, whose.subject, change, by,
        asked_at=held.now, ripe_at=held.now + delay,
    )  # fmt: skip
    _tell(session, held, request, "asked", by)
    return request


def confirm(
    session: Session,
    whose: Whose,
    request_id: UUID,
    by: PersonId,
    signed_in_at: datetime,
    clock: Clock,
) -> Answer:
    """Say the second yes; only then, and at once, the named limits loosen.

    They go to the values asked for in the layer as it is now: what was tightened since is kept.
    *signed_in_at* is when the person signed in, by the wall clock.
    """
    held = holding.hold(session, whose, clock)
    request = _open(session, whose, request_id)
    if request is None:
        return Answer.GONE
    yes = Yes(by, entitled(session, whose, by), fresh_sign_in(signed_in_at, held.wall))
    delay = delay_of(whose.layer, holding.strictest(session, whose, held.now))
    answer = second_yes(request, yes, delay, held.now)
    if answer is not Answer.DONE:
        return answer
    limit_requests.decide(session, request.id, "confirmed", by, held.now)
    holding.store(session, held, loosened_to(held.own, request.change))
    _tell(session, held, request, "confirmed", by)
    return answer


def withdraw(session: Session, whose: Whose, request_id: UUID, by: PersonId, clock: Clock) -> bool:
    """Take a request back, at once, whoever asked; False where there is none that waits.

    Raises:
        NotTheirsError: the person does not speak for these limits.

    """
    held = holding.hold(session, whose, clock)
    require(session, whose, by)
    request = _open(session, whose, request_id)
    if request is None:
        return False
    limit_requests.decide(session, request.id, "withdrawn", by, held.now)
    _tell(session, held, request, "withdrawn", by)
    return True


def _open(session: Session, whose: Whose, request_id: UUID) -> Request | None:
    """Find a request among those of the very layer: another's does not exist here (S-1)."""
    for request in limit_requests.open_of(session, whose.layer, whose.subject):
        if request.id == request_id:
            return request
    return None


def _refuse_twice(session: Session, whose: Whose, change: Change) -> None:
    for request in limit_requests.open_of(session, whose.layer, whose.subject):
        for name in request.change.names:
            if name in change.names:
                sentence = "is being asked for already; withdraw that first"
                raise NotAskableError(name, sentence)


def _tell(session: Session, held: holding.Held, request: Request, step: str, by: PersonId) -> None:
    change = request.change
    what = {"by": str(by), "loosening": step, "limits": written(change.values, change.names)}
    holding.tell(session, held, what)
