"""A labeler's day so far, for their own eyes: done, next break, dose against its limits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from labelhub.domain.vocabulary import ItemId, RatingId, Severity
from labelhub.domain.welfare.gate import Candidate, Reason, Refusal, judge_each
from labelhub.domain.welfare.outlook import next_break_due
from labelhub.domain.welfare.timeline import HARD
from labelhub.domain.welfare.windows import DAY, DOSE_LIMITS, HOUR, Measure, budget_ps
from labelhub.services import rating, reopening
from labelhub.store import choices, labelers, paid_time
from labelhub.store.labelers import Locked

_POINT = 60  # point-seconds
_ANY_ITEM = ItemId(UUID(int=0))


@dataclass(frozen=True, slots=True)
class Share:
    """Dose used of one window's budget, in whole points, rounded up and down."""

    window: timedelta
    used: int
    limit: int


@dataclass(frozen=True, slots=True)
class Undo:
    """The last answer, while it can be taken back."""

    rating_id: RatingId
    left: timedelta


@dataclass(frozen=True, slots=True)
class Today:
    """What one small line on the desk says, and what it opens into."""

    done: int
    worked: timedelta
    next_break: timedelta
    shares: tuple[Share, ...]
    undo: Undo | None
    stopped: bool  # the labeler stopped hard content for today


def of(session: Session, locked: Locked, accepted: rating.Accepted | None = None) -> Today:
    """Return the day so far. It starts at midnight where the person is; limits do not.

    *accepted* is the answer just given, where there is one: then the last need not be looked up.
    """
    done, worked = paid_time.since(session, locked.state.labeler_id, _midnight(locked))
    due = next_break_due(locked.state, locked.now)
    known = accepted is not None and accepted.rated_at is not None
    return Today(
        done=done,
        worked=worked,
        next_break=max(timedelta(), due.at - locked.now),
        shares=_shares(locked),
        undo=_undo_of(locked, accepted) if known else _undo(session, locked),
        stopped=_stopped(locked),
    )


def _stopped(locked: Locked) -> bool:
    """Say whether *no hard content today* holds; it ends with a daily rest."""
    if locked.state.opt_outs.today_at is None:
        return False
    hard = Candidate(_ANY_ITEM, locked.place.facts, HARD, screened=True, words=0)
    (verdict,) = judge_each(locked.state, (hard,), locked.now)
    return isinstance(verdict, Refusal) and any(
        hold.reason is Reason.OPTED_OUT_TODAY for hold in verdict.holds
    )


def _shares(locked: Locked) -> tuple[Share, ...]:
    state = locked.state
    if locked.place.facts.max_severity == Severity.S0:
        return ()
    shares = []
    for limit in DOSE_LIMITS:
        dose = state.window(Measure.POINTS, limit.window)
        if dose is None or limit.window not in {HOUR, DAY}:
            continue
        budget = budget_ps(limit, state.policy, state.work, Severity.S1, locked.now)
        shares.append(Share(limit.window, -(-dose.spent // _POINT), budget // _POINT))
    return tuple(shares)


def _undo_of(locked: Locked, accepted: rating.Accepted | None) -> Undo | None:
    """Return the answer just given, unless it came late or its item may not be shown again."""
    if accepted is None or accepted.rated_at is None or accepted.answered is None:
        return None
    left = accepted.rated_at + rating.UNDO_WITHIN - locked.now
    own = accepted.answered.slug == locked.place.slug and not accepted.late
    if not own or left < timedelta() or reopening.refusal(locked, accepted.answered):
        return None
    return Undo(accepted.rating_id, left)


def _undo(session: Session, locked: Locked) -> Undo | None:
    turn = labelers.Turn(
        locked.state.labeler_id, 0, locked.state.work, locked.now, locked.wall, verified=True
    )
    last = rating.undoable(session, turn, locked.place.slug)
    if last is None:
        return None
    submitted, assignment = last
    if choices.item_declined(session, locked.state.labeler_id, assignment.item_id):
        return None
    if reopening.refusal(locked, assignment):
        return None
    left = submitted.rated_at + rating.UNDO_WITHIN - locked.now
    return Undo(submitted.rating_id, left)


def _midnight(locked: Locked) -> datetime:
    local = locked.state.local_now or locked.wall
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
