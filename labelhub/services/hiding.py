"""Ending an exposure: its charge is appended and the work so far advances."""

from datetime import datetime

from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId, Severity
from labelhub.domain.welfare import timeline
from labelhub.domain.welfare.dose import Charge, charge_ps
from labelhub.domain.welfare.timeline import HARD, WorkState
from labelhub.store import burdens, charges, exposures, policies


def hide(
    session: Session,
    person_id: PersonId,
    work: WorkState,
    now: datetime,
    rated: Severity | None = None,
) -> WorkState:
    """End the open exposure, if any, and charge it; the caller keeps the returned work.

    *rated* is the labeler's own finding: a higher one raises the charge, also afterwards (W-9).
    Weights are the same in every policy (L-01), so the shipped one charges.
    """
    if work.showing is None:
        touched = timeline.touched(work, policies.shipped(), now)
        return _regraded(session, person_id, touched, rated)
    after, charge = timeline.hidden(work, policies.shipped(), now, rated)
    _append(session, person_id, charge)
    return after


def settle(session: Session, person_id: PersonId, work: WorkState, now: datetime) -> WorkState:
    """End the open exposure if its granted time has passed; silence is charged in full."""
    after, charge = timeline.settled(work, policies.shipped(), now)
    _append(session, person_id, charge)
    return after


def _append(session: Session, person_id: PersonId, charge: Charge | None) -> None:
    if charge is None:
        return
    shown = exposures.latest(session, person_id)
    charges.append(session, person_id, shown.exposure_id, charge)
    if charge.severity >= HARD:
        burdens.add(session, shown.project_id, person_id, charge.charge_ps)


def _regraded(
    session: Session, person_id: PersonId, work: WorkState, rated: Severity | None
) -> WorkState:
    last = work.last
    if rated is None or last is None or rated <= last.severity:
        return work
    shown = exposures.latest(session, person_id)
    cost = charge_ps(policies.shipped(), rated, last.active)
    charges.raise_severity(session, person_id, shown.exposure_id, rated, cost)
    return timeline.regraded(work, policies.shipped(), rated)
