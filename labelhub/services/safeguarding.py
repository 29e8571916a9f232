"""Declining, resting, stopping: always available, at once, and without a reason."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import OptOutScope, PersonId, Severity
from labelhub.domain.welfare.outlook import declaration_wanted
from labelhub.domain.welfare.timeline import HARD
from labelhub.services import hiding, incidents, leases
from labelhub.store import (
    assignments,
    choices,
    declarations,
    joinings,
    labelers,
    notices,
    paid_time,
    policies,
    record,
    slots,
)
from labelhub.store.assignments import Assignment
from labelhub.store.labelers import Turn


@dataclass(frozen=True, slots=True)
class Declined:
    """It is gone and does not come again. `choose_category`: the item had none on record."""

    scope: OptOutScope
    assignment: Assignment | None
    choose_category: bool = False


def opt_out(
    session: Session,
    person_id: PersonId,
    slug: str,
    scope: OptOutScope,
    clock: Clock,
    *,
    assignment_id: UUID | None = None,
    category: str = "",
) -> Declined:
    """Decline an item, a kind, a severity, a project, or hard content for today.

    An item that the choice bars goes with it: its slot returns to the queue, time spent is paid.
    Any other stays in hand. There is no state in which this is refused.
    """
    turn = hiding.settled_turn(session, person_id, clock)
    assignment = _assigned(session, person_id, slug, assignment_id)
    subjects = _subjects(session, scope, slug, assignment, category)
    for subject in subjects:
        choices.opt_out(session, person_id, scope, subject, turn.now)
    if scope is OptOutScope.PROJECT:
        joinings.leave(session, person_id, slug, turn.now)
    if assignment is not None and _bars(scope, subjects, assignment):
        _put_away(session, turn, assignment, "declined")
    organisation = joinings.employer(session, person_id, slug)
    if organisation is not None:
        record.append(
            session, organisation, person_id, "opt_out",
            {"scope": scope.value, "subjects": subjects}, turn.now, turn.wall,
        )  # fmt: skip
    unnamed = scope is OptOutScope.CATEGORY and not subjects
    return Declined(scope, assignment, choose_category=unnamed)


def stop_today(session: Session, person_id: PersonId, clock: Clock) -> Declined:
    """Decline hard content for today from anywhere; a hard item in hand goes with it."""
    return opt_out(session, person_id, "", OptOutScope.TODAY, clock)


def take_break(session: Session, person_id: PersonId, slug: str, kind: str, clock: Clock) -> Turn:
    """Begin a break now; nothing is served until the labeler comes back. *kind* is own or moment.

    The open item stays theirs for its lease, and what was typed is kept.
    """
    turn = hiding.settled_turn(session, person_id, clock)
    work = hiding.hide(session, person_id, turn.work, turn.now)
    labelers.keep_work(session, person_id, work)
    began = choices.start_break(session, person_id, kind, turn.now)
    organisation = joinings.employer(session, person_id, slug)
    if began and organisation is not None:
        record.append(
            session, organisation, person_id, "break", {"began": kind}, turn.now, turn.wall
        )
    return replace(turn, work=work)


def go_on_with_hard(session: Session, person_id: PersonId, slug: str, clock: Clock) -> bool:
    """Record the labeler's own *continue* at half of the daily dose (L-06).

    False while nothing asks for it: a yes given in advance is none.
    """
    turn = labelers.take_turn(session, person_id, clock)
    locked = labelers.lock_state(session, turn, slug)
    if locked is None or not declaration_wanted(locked.state, locked.place.facts, locked.now):
        return False
    declarations.declare(session, person_id, "continue", turn.now)
    record.append(
        session, locked.place.vendor_organisation_id, person_id, "declaration",
        {"choice": "continue"}, turn.now, turn.wall,
    )  # fmt: skip
    return True


def own_break_paid() -> timedelta:
    """Return how much of the breaks that labelers take themselves is paid in eight hours (L-21)."""
    return policies.shipped().discretionary_break


def come_back(session: Session, person_id: PersonId, slug: str, clock: Clock) -> None:
    """End the labeler's own break: they asked to go on. Its time is paid."""
    turn = labelers.take_turn(session, person_id, clock)
    rested = choices.end_break(session, person_id, turn.now)
    organisation = joinings.employer(session, person_id, slug)
    if rested is None or organisation is None:
        return
    paid_time.for_break(session, person_id, organisation, "break", rested, turn.now)
    record.append(
        session, organisation, person_id, "break",
        {"ended_after_s": rested // timedelta(seconds=1)}, turn.now, turn.wall,
    )  # fmt: skip


def stop_prohibited(
    session: Session, person_id: PersonId, assignment_id: UUID, clock: Clock
) -> Declined | None:
    """Stop an item for everyone at once: its content may be prohibited (EXP-05)."""
    turn = hiding.settled_turn(session, person_id, clock)
    assignment = assignments.find(session, person_id, assignment_id)
    if assignment is None:
        return None
    slots.stop_item(session, assignment.item_id)
    _put_away(session, turn, assignment, "prohibited")
    record.append(
        session, assignment.vendor_organisation_id, person_id, "prohibited_content",
        {"item": assignment.item_id.hex}, turn.now, turn.wall,
    )  # fmt: skip
    incidents.open_one(session, assignment, clock)
    return Declined(OptOutScope.ITEM, assignment)


def _assigned(
    session: Session, person_id: PersonId, slug: str, assignment_id: UUID | None
) -> Assignment | None:
    """Return the item that is meant: it may be open, or have run out and come again since.

    Where none is named, the one that is open in this project: never another project's. Where no
    project is named either, whatever is open.
    """
    open_now = assignments.find_open(session, person_id)
    if assignment_id is None:
        return open_now if open_now is not None and slug in {"", open_now.slug} else None
    if open_now is not None and open_now.id == assignment_id:
        return open_now
    meant = assignments.find(session, person_id, assignment_id)
    again = meant is not None and open_now is not None and meant.item_id == open_now.item_id
    return open_now if again else meant


def _subjects(
    session: Session, scope: OptOutScope, slug: str, assignment: Assignment | None, category: str
) -> list[str]:
    """Return what exactly is declined; empty where the item has no category to name.

    A severity is S2 at least: whoever declines a mild item keeps mild work.
    """
    match scope:
        case OptOutScope.ITEM:
            return [assignment.item_id.hex] if assignment else []
        case OptOutScope.CATEGORY:
            if category and category in _kinds(session, slug, assignment):
                return [category]
            return sorted(assignment.hazards if assignment else ())
        case OptOutScope.SEVERITY:
            return [str(int(max(HARD, assignment.severity) if assignment else HARD))]
        case OptOutScope.PROJECT:
            project_id = joinings.project_id(session, slug)
            return [project_id.hex] if project_id else []
        case OptOutScope.TODAY:
            return [""]


def _kinds(session: Session, slug: str, assignment: Assignment | None) -> frozenset[str]:
    """Return the ids of the categories that can be named: the project's and the item's."""
    notice = notices.find(session, slug)
    known = frozenset() if notice is None else frozenset(notice.hazards)
    if assignment is None:
        return known
    return known.union(assignment.hazards, assignment.project_hazards)


def _bars(scope: OptOutScope, subjects: list[str], assignment: Assignment) -> bool:
    """Say whether the choice is about this very item, so that it must not stay in hand."""
    tier = max(assignment.severity, assignment.item_severity or Severity.S0)
    match scope:
        case OptOutScope.ITEM:
            return True
        case OptOutScope.CATEGORY:  # none to name: the item goes, and the kind is asked for
            return not subjects or not frozenset(subjects).isdisjoint(assignment.hazards)
        case OptOutScope.SEVERITY:
            return tier >= int(subjects[0])
        case OptOutScope.PROJECT:
            return assignment.project_id.hex in subjects
        case OptOutScope.TODAY:
            return tier >= HARD


def _put_away(session: Session, turn: Turn, assignment: Assignment, outcome: str) -> None:
    """End the item's exposure and give it back; one that had run out does not come again."""
    if not assignment.is_open:
        assignments.reclaim(session, assignment, outcome, turn.now)
        return
    work = hiding.hide(session, turn.person_id, turn.work, turn.now)
    labelers.keep_work(session, turn.person_id, work)
    leases.give_back(session, assignment, outcome, "declined", turn.now)
