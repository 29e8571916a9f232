"""Serving: the only way by which an item's text reaches a person (safety-case.md, R2).

Each function takes the person's turn first, decides under it, and records the exposure before the
caller commits and sends. Nothing here commits.
"""

import secrets
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain import queue as order
from labelhub.domain.vocabulary import AssignmentId, PersonId, Severity
from labelhub.domain.welfare import timeline
from labelhub.domain.welfare.gate import Candidate, Refusal, decide
from labelhub.domain.welfare.outlook import Pause, Tiers, admissible_tiers, standstill
from labelhub.domain.welfare.staying import barred
from labelhub.domain.welfare.timeline import HARD
from labelhub.domain.welfare.verdicts import Admission
from labelhub.services import candidates, gap_time, hiding, leases
from labelhub.services.showing import NotAgain, Nothing, NotThere, Offered, Refused, Served, Shown
from labelhub.store import (
    assignments,
    burdens,
    content,
    drafts,
    exposures,
    labelers,
    queue,
    queue_stock,
    record,
    replays,
    slots,
)
from labelhub.store.assignments import Assignment, NewAssignment
from labelhub.store.labelers import Locked, Place, Turn

LEASE_AFTER = timedelta(minutes=15)
"""A lease outlasts the granted time by this much (decisions.md, Serving)."""
SENT_AGAIN = 5
"""The same exposure is sent again at most this often (W-10)."""
_NO_BURDEN = order.Burden(0, 0)


def serve_next(
    session: Session,
    person_id: PersonId,
    slug: str,
    clock: Clock,
    key: str = "",
    *,
    mild: bool = False,
) -> Served:
    """Show what is open for the person in this project, or else find the next item.

    A *key* names the request, so that a retry of it can find the same assignment (R3). *mild*
    looks for nothing of S2 or worse.
    """
    turn = hiding.settled_turn(session, person_id, clock, sharing=True)
    turn, waiting = _still_open(session, turn, slug)
    locked = labelers.lock_state(session, turn, slug)
    if locked is None:
        return NotThere()
    if waiting is None:
        return _find(session, locked, key, HARD if mild else None)
    resumed = _resume(session, locked, waiting)
    if isinstance(resumed, Refused) and resumed.standstill.pause is Pause.NOT_OFFERED:
        return _instead(session, turn, waiting, key)
    if isinstance(resumed, Shown | Offered):
        _note(session, key, waiting.id, locked)
    return resumed


def _note(session: Session, key: str, assignment_id: AssignmentId, locked: Locked) -> None:
    if key:
        shown = {"assignment": assignment_id.hex}
        replays.note(session, locked.state.labeler_id, key, "next", shown, locked.now)


def reveal(
    session: Session, person_id: PersonId, slug: str, assignment_id: UUID, clock: Clock
) -> Served:
    """Lift the veil if the gate still admits the item; the exposure is recorded first."""
    turn = hiding.settled_turn(session, person_id, clock, sharing=True)
    assignment = assignments.find(session, person_id, assignment_id)
    locked = labelers.lock_state(session, turn, slug)
    if locked is None or assignment is None or assignment.slug != slug:
        return NotThere()
    if not assignment.is_open or assignment.lease_until <= turn.now:
        return serve_next(session, person_id, slug, clock)
    return _resume(session, locked, assignment, unveil=True)


def show_again(session: Session, turn: Turn, assignment: Assignment) -> Served:
    """Show an assignment that was opened again; its text passes the gate like any other."""
    locked = labelers.lock_state(session, turn, assignment.slug)
    return NotThere() if locked is None else _resume(session, locked, assignment, unveil=True)


def _instead(session: Session, turn: Turn, assignment: Assignment, key: str) -> Served:
    """Find something else: the open item was stopped or declined meanwhile, and stays so."""
    work = hiding.hide(session, turn.person_id, turn.work, turn.now)
    labelers.keep_work(session, turn.person_id, work)
    leases.give_back(session, assignment, "released", "released", turn.now)
    locked = labelers.lock_state(session, replace(turn, work=work), assignment.slug)
    return NotThere() if locked is None else _find(session, locked, key)


def _still_open(session: Session, turn: Turn, slug: str) -> tuple[Turn, Assignment | None]:
    """Return the assignment open in this project; one run out, or of another project, ends.

    Going to another project leaves the item there: it is hidden, charged and paid, and returns to
    the queue. Nobody waits out a granted time because a tab was left open.
    """
    opened = turn.open_id
    assignment = None if opened is None else assignments.find(session, turn.person_id, opened)
    if assignment is None:
        return turn, None
    ran_out = assignment.lease_until <= turn.now
    if assignment.slug == slug and not ran_out:
        return turn, assignment
    if turn.work.showing is not None:
        work = hiding.hide(session, turn.person_id, turn.work, turn.now)
        labelers.keep_work(session, turn.person_id, work)
        turn = replace(turn, work=work)
    outcome = "expired" if ran_out else "released"
    leases.give_back(session, assignment, outcome, outcome, turn.now)
    return turn, None


def _resume(
    session: Session, locked: Locked, assignment: Assignment, *, unveil: bool = False
) -> Served:
    """Show an open assignment again: the same exposure while it lasts, else past the gate."""
    candidate = candidates.assigned(locked, assignment)
    if locked.state.work.showing is not None:
        return _same_exposure(session, locked, assignment, candidate)
    decision = decide(locked.state, candidate, locked.now)
    if isinstance(decision, Refusal):
        return Refused(locked, standstill([decision]), kept=True)
    if candidate.veiled and not unveil and assignment.exposure_id is None:
        return Offered(locked, assignment, candidate.tier)
    return _expose(session, locked, assignment, decision)


def _same_exposure(
    session: Session, locked: Locked, assignment: Assignment, candidate: Candidate
) -> Served:
    """Send the open exposure again: nothing new is charged, and not without end."""
    showing = locked.state.work.showing
    refusal = barred(locked.state, candidate, locked.now)
    if showing is None or refusal or assignment.shown_at != showing.shown_at:
        return Refused(locked, standstill([refusal] if refusal else []), kept=True)
    exposure = exposures.uncharged(session, assignment.person_id, showing.shown_at)
    exposure_id = exposure.exposure_id
    if exposures.times_sent_again(session, exposure_id) >= SENT_AGAIN:
        return NotAgain(locked, assignment, 1 + SENT_AGAIN, showing.ends_at)
    exposures.count_again(session, exposure_id, locked.now)
    text = content.read_again(session, assignment.item_id, swapped=assignment.swapped)
    draft = drafts.find(session, assignment.id)
    left = showing.ends_at - locked.now
    return Shown(locked, assignment, text, exposure_id, left, draft)


def _find(session: Session, locked: Locked, key: str, below: Severity | None = None) -> Served:
    """Walk the open tiers in order until the gate admits an item whose slot is free."""
    tiers = admissible_tiers(locked.state, locked.place.facts, locked.now, below)
    refusals = list(tiers.refused.values())
    unfinished = False
    for tier in _tiers(session, locked, tiers):
        walk = queue.front(
            session, locked.state.labeler_id, locked.place.project_id, tier,
            sorted(locked.state.opt_outs.categories),
        )  # fmt: skip
        unfinished = unfinished or walk.unfinished
        for place in order.spread(_first(locked), walk.levels):
            waiting = walk.at(place)
            decision = decide(locked.state, candidates.waiting(locked, waiting), locked.now)
            if isinstance(decision, Refusal):
                refusals.append(decision)
            elif slots.take(session, waiting.item_id):
                return _open(session, locked, waiting, decision, key)
    waits = queue.waiting_tiers(session, locked.place.project_id, tiers.refused)
    held = [refusal for tier, refusal in tiers.refused.items() if tier in waits]
    held += refusals[len(tiers.refused) :]
    if held:
        gap_time.begin_break(session, locked)
        return Refused(locked, standstill(held), kept=False)
    return Nothing(locked, unfinished)


def _open(
    session: Session, locked: Locked, waiting: queue.Waiting, admission: Admission, key: str
) -> Served:
    """Open the assignment; below the veil tier the text is shown at once."""
    place = locked.place
    lease = LEASE_AFTER + admission.granted
    new = NewAssignment(
        person_id=locked.state.labeler_id,
        organisation_id=place.organisation_id,
        vendor_organisation_id=place.vendor_organisation_id,
        project_id=place.project_id,
        item_id=waiting.item_id,
        severity=admission.severity,
        words=waiting.words,
        swapped=bool(secrets.randbits(1)),
        guidelines_version=place.guidelines_version,
        instrument_version=place.instrument_version,
        opened_at=locked.now,
        lease_until=locked.now + lease,
    )
    assignment = _opened(assignments.open_one(session, new), new, place, waiting)
    _note(session, key, assignment.id, locked)
    if candidates.waiting(locked, waiting).veiled:
        return Offered(locked, assignment, admission.severity)
    return _expose(session, locked, assignment, admission, fresh=True)


def _opened(
    assignment_id: AssignmentId, new: NewAssignment, place: Place, waiting: queue.Waiting
) -> Assignment:
    """Return the assignment as it was just inserted, without reading it again."""
    return Assignment(
        id=assignment_id,
        **{name: getattr(new, name) for name in new.__dataclass_fields__},
        slug=place.slug,
        instrument=place.instrument,
        item_state="ready",
        item_severity=waiting.severity,
        item_severity_source=waiting.severity_source,
        hazards=waiting.hazards,
        project_hazards=tuple(kind["code"] for kind in place.hazards),
        completions=waiting.completions,
        closed_at=None,
        outcome=None,
        exposure_id=None,
        shown_at=None,
        granted_s=0,
        rater_id=None,
        drafted=False,
    )


def _expose(
    session: Session,
    locked: Locked,
    assignment: Assignment,
    admission: Admission,
    *,
    fresh: bool = False,
) -> Shown:
    """Record the exposure, then read the text: in this order, in one transaction (W-4).

    A fresh assignment was opened with this very lease, and nothing is drafted in it.
    """
    gap_time.end_gap(session, locked)
    exposure_id = exposures.append(session, assignment, admission)
    work = timeline.served(
        locked.state.work, locked.state.policy, admission.severity, admission.granted, locked.now
    )
    labelers.keep_work(session, assignment.person_id, work)
    if not fresh:
        assignments.renew(session, assignment.id, locked.now + admission.granted + LEASE_AFTER)
    record.append(
        session, assignment.vendor_organisation_id, assignment.person_id, "exposure",
        {
            "exposure": exposure_id.hex, "project": assignment.project_id.hex,
            "item": assignment.item_id.hex, "severity": int(admission.severity),
            "granted_s": admission.granted // timedelta(seconds=1),
        },
        locked.now, locked.wall,
    )  # fmt: skip
    text = content.read(session, admission, swapped=assignment.swapped)
    draft = {} if fresh else drafts.find(session, assignment.id)
    return Shown(locked.with_work(work), assignment, text, exposure_id, admission.granted, draft)


def _first(locked: Locked) -> int:
    """Return a number by which labelers begin at different items, and each at others in turn.

    It hangs on what they were shown last and on nothing they chose: which items come must not
    tell who opted out (W-12).
    """
    last = locked.state.work.last
    shown = 0 if last is None else last.shown_at.microsecond + int(last.shown_at.timestamp())
    return int(locked.state.labeler_id.int + shown)


def _tiers(session: Session, locked: Locked, tiers: Tiers) -> tuple[Severity, ...]:
    """Return the open tiers in the order of a fair burden; mild projects need none."""
    work, project_id = locked.state.work, locked.place.project_id
    if locked.place.facts.max_severity < HARD:
        return order.tier_order(tiers.open, work, _NO_BURDEN)
    burden = burdens.of(session, project_id, locked.state.labeler_id)
    short = queue_stock.mild_is_short(session, project_id, locked.now)
    return order.tier_order(tiers.open, work, burden, mild_is_short=short)
