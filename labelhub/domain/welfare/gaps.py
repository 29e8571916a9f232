"""What a gap between two items was: a break that was due, waiting, or time away (W-13, D.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from labelhub.domain.welfare.dose import LEAST_CHARGED
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.rules.sequence import cool_until
from labelhub.domain.welfare.timeline import PERIOD_GAP, WorkState, hard_break_needed

WAITING_PAID = timedelta(minutes=15)
"""Waiting between items is paid up to this long (working-standards.md, D.2)."""
ANSWERING_PAID = timedelta(minutes=15)
"""Writing on after the text was hidden is paid while it is no longer than this; drafts renew it."""

_NONE = timedelta(0)


class GapKind(StrEnum):
    """What time in a gap was; each is a kind of paid time."""

    DUE_BREAK = "due_break"  # L-10
    LONG_BREAK = "long_break"  # L-12
    HARD_BREAK = "hard_break"  # L-11
    COOL_DOWN = "cool_down"  # L-16
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Spent:
    """Time of one kind, to be paid."""

    kind: GapKind
    time: timedelta


def break_due(work: WorkState, policy: Policy) -> Spent | None:
    """Return the break after which work may go on at all, the longer one if two are due.

    It is whole: less than the least display is left of L-10 or L-12, so that nothing is served
    before it has its full length. *work* is as its last exposure left it, not resumed.
    """
    if policy.long_work - work.long < LEAST_CHARGED:
        return Spent(GapKind.LONG_BREAK, policy.long_break)
    if policy.continuous_work - work.continuous < LEAST_CHARGED:
        return Spent(GapKind.DUE_BREAK, policy.work_break)
    return None


def protection_due(work: WorkState, policy: Policy) -> Spent | None:
    """Return what keeps hard content away after the last exposure: L-11, or L-16 if longer.

    Mild work could go on meanwhile, so that only what was taken of it is a break.
    """
    due: list[Spent] = []
    if policy.hard_work - work.hard < LEAST_CHARGED:
        due.append(Spent(GapKind.HARD_BREAK, hard_break_needed(work, policy)))
    until = cool_until(work, policy)
    if until is not None and work.idle_since is not None and until > work.idle_since:
        due.append(Spent(GapKind.COOL_DOWN, until - work.idle_since))
    return max(due, key=lambda one: one.time, default=None)


def gap_parts(
    work: WorkState, policy: Policy, now: datetime, taken: timedelta = _NONE
) -> tuple[Spent, ...]:
    """Return what the gap until *now* was, as it is paid; nothing while an item is shown.

    *taken* is time in it that was paid, or was the labeler's own, already. What is left after
    breaks is waiting, unless it is so long that a new work period begins: then they were away.
    """
    if work.showing is not None or work.idle_since is None:
        return ()
    gap = now - work.idle_since
    whole, protection = break_due(work, policy), protection_due(work, policy)
    parts = [] if whole is None else [whole]
    rested = whole.time if whole is not None else _NONE
    if protection is not None:
        further = min(gap - taken, protection.time) - rested
        if further > _NONE:
            parts.append(Spent(protection.kind, further))
            rested += further
    left = gap - taken - rested
    if _NONE < left < PERIOD_GAP:
        parts.append(Spent(GapKind.WAITING, min(left, WAITING_PAID)))
    return tuple(parts)


def answering(work: WorkState, shown_at: datetime | None, now: datetime) -> timedelta:
    """Return the time since the text of the item being answered was hidden, as it is paid.

    *shown_at* is when that item was shown last. Another item's gap is none of its time, and with
    neither draft nor answer for so long that the lease ran out nobody was writing.
    """
    last = work.last
    if work.showing is not None or work.idle_since is None or last is None:
        return _NONE
    if last.shown_at != shown_at:
        return _NONE
    spent = now - work.idle_since
    return spent if _NONE <= spent <= ANSWERING_PAID else _NONE
