"""Ending an exposure: its charge is appended and the work so far advances."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import PersonId, Severity
from labelhub.domain.welfare import timeline
from labelhub.domain.welfare.dose import Charge, charge_ps
from labelhub.domain.welfare.timeline import HARD, WorkState
from labelhub.store import burdens, charges, exposures, labelers, policies
from labelhub.store.assignments import Assignment
from labelhub.store.labelers import Turn


def settled_turn(
    session: Session, person_id: PersonId, clock: Clock, *, sharing: bool = False
) -> Turn:
    """Take the person's turn and end an exposure whose granted time has passed.

    Silence is charged in full, and the gap began when the granted time ended. *sharing* is as for
    `labelers.take_turn`.
    """
    turn = labelers.take_turn(session, person_id, clock, sharing=sharing)
    work, charge = timeline.settled(turn.work, policies.shipped(), turn.now)
    if work is turn.work:
        return turn
    _append(session, person_id, turn.work, charge)
    labelers.keep_work(session, person_id, work)
    return replace(turn, work=work)


def hide(
    session: Session,
    person_id: PersonId,
    work: WorkState,
    now: datetime,
    rated: Severity | None = None,
) -> WorkState:
    """End the open exposure, if any, and charge it; the caller keeps the returned work.

    *rated* is the labeler's own finding: a higher one raises the charge (W-9). Weights are the
    same in every policy (L-01), so the shipped one charges.
    """
    after, charge = timeline.hidden(work, policies.shipped(), now, rated)
    _append(session, person_id, work, charge)
    return after


def touch(work: WorkState, now: datetime) -> WorkState:
    """Restart the gap: a draft or an answer came in it, so it was no rest.

    Nothing else does. An opt-out or a break that is asked for costs no rest (W-12).
    """
    return timeline.touched(work, policies.shipped(), now)


def regrade(
    session: Session, assignment: Assignment, work: WorkState, rated: Severity
) -> WorkState:
    """Raise the charges of an assignment's earlier exposures to the labeler's finding (W-9)."""
    for past in charges.of_assignment(session, assignment.id):
        if rated > past.severity:
            cost = charge_ps(policies.shipped(), rated, past.active)
            charges.raise_severity(session, assignment.person_id, past.exposure_id, rated, cost)
            if rated >= HARD:
                known = past.charge_ps if past.severity >= HARD else 0
                burdens.add(session, assignment.project_id, assignment.person_id, cost - known)
    last = work.last
    if last is not None and last.shown_at == assignment.shown_at:
        return timeline.regraded(work, policies.shipped(), rated)
    return work


def _append(
    session: Session, person_id: PersonId, before: WorkState, charge: Charge | None
) -> None:
    """Keep the charge of the exposure that was on screen *before*."""
    if charge is None or before.showing is None:
        return
    shown_at = before.showing.shown_at
    if charge.severity >= HARD:
        shown = exposures.uncharged(session, person_id, shown_at)
        burdens.add(session, shown.project_id, person_id, charge.charge_ps)
    charges.append(session, person_id, charge, shown_at)
