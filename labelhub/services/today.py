"""A labeler's day so far, for their own eyes: done, next break, dose against its limits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from labelhub.domain.vocabulary import RatingId, Severity
from labelhub.domain.welfare.outlook import next_break_due
from labelhub.domain.welfare.windows import DAY, DOSE_LIMITS, HOUR, Measure, budget_ps
from labelhub.services import rating
from labelhub.store import labelers, paid_time
from labelhub.store.labelers import Locked

_POINT = 60  # point-seconds


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
    """Return the answer just given, unless it came late or belongs to another project."""
    if accepted is None or accepted.rated_at is None:
        return None
    left = accepted.rated_at + rating.UNDO_WITHIN - locked.now
    own = accepted.slug == locked.place.slug and not accepted.late
    return Undo(accepted.rating_id, left) if own and left >= timedelta() else None


def _undo(session: Session, locked: Locked) -> Undo | None:
    turn = labelers.Turn(
        locked.state.labeler_id, 0, locked.state.work, locked.now, locked.wall, verified=True
    )
    last = rating.undoable(session, turn, locked.place.slug)
    if last is None:
        return None
    submitted, _ = last
    left = submitted.rated_at + rating.UNDO_WITHIN - locked.now
    return Undo(submitted.rating_id, left)


def _midnight(locked: Locked) -> datetime:
    local = locked.state.local_now or locked.wall
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
