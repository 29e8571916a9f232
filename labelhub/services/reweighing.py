"""Raising what others were charged for an item, once two labelers found the same in it (W-9)."""

from dataclasses import dataclass

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import ItemId, PersonId, Severity, SeveritySource
from labelhub.domain.welfare import timeline
from labelhub.domain.welfare.dose import charge_ps
from labelhub.domain.welfare.timeline import HARD
from labelhub.domain.welfare.windows import MONTH
from labelhub.services import hiding
from labelhub.store import burdens, charges, findings, labelers, policies, record
from labelhub.store.assignments import Assignment
from labelhub.store.findings import Seen
from labelhub.store.labelers import Turn


@dataclass(frozen=True, slots=True)
class Agreed:
    """What two labelers found in an item, each by themselves."""

    item_id: ItemId
    severity: Severity


def agree(
    session: Session, turn: Turn, assignment: Assignment, found: Severity, clock: Clock
) -> None:
    """Raise what others were charged, if another labeler found as much; never lower it.

    The caller holds the finder's turn and has not touched the item yet (R2: person, then item).
    A finding that can be news to nobody asks nothing.
    """
    raised_before = assignment.item_severity_source is SeveritySource.PERSON
    if found <= assignment.severity and not (raised_before and found > Severity.S0):
        return
    item_id = assignment.item_id
    findings.hold_item(session, item_id)
    agreed = Agreed(item_id, min(found, findings.others_worst(session, item_id, turn.person_id)))
    since = turn.now - MONTH
    for person_id in findings.shown_to(session, item_id, turn.person_id, agreed.severity, since):
        _raise(session, person_id, agreed, clock)
    findings.take_time(session)


def _raise(session: Session, person_id: PersonId, agreed: Agreed, clock: Clock) -> None:
    """Raise one labeler's exposures in their windows, and the one on their screen."""
    turn = hiding.settled_turn(session, person_id, clock)
    work, since = turn.work, turn.now - MONTH
    for seen in findings.seen_by(session, agreed.item_id, person_id, agreed.severity, since):
        _raise_charge(session, turn, seen, agreed.severity)
        if work.last is not None and work.last.shown_at == seen.shown_at:
            work = timeline.regraded(work, policies.shipped(), agreed.severity)
    on_screen = findings.find_on_screen(session, agreed.item_id, person_id)
    worse = work if on_screen is None else timeline.worsened(work, agreed.severity)
    if on_screen is not None and worse is not work:
        _tell(session, turn, on_screen, agreed.severity)
    labelers.keep_work(session, person_id, worse)


def _raise_charge(session: Session, turn: Turn, seen: Seen, severity: Severity) -> None:
    cost = charge_ps(policies.shipped(), severity, seen.active)
    charges.raise_severity(session, turn.person_id, seen.exposure_id, severity, cost)
    if severity >= HARD:
        known = seen.charge_ps if seen.severity >= HARD else 0
        burdens.add(session, seen.project_id, turn.person_id, cost - known)
    _tell(session, turn, seen, severity)


def _tell(session: Session, turn: Turn, seen: Seen, severity: Severity) -> None:
    """Write the correction to the labeler's own record, at the same commit (T-10, T-13)."""
    record.append(
        session, seen.vendor_organisation_id, turn.person_id, "exposure_corrected",
        {"exposure": seen.exposure_id.hex, "severity": int(severity)}, turn.now, turn.wall,
    )  # fmt: skip
