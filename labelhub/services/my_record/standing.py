"""Where a labeler stands now: each window's dose against its limit, and who set the limit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from uuid import UUID

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import OrganisationId, PersonId, ProjectId, Severity
from labelhub.domain.welfare.layers import Effective, Layer
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.timeline import HARD, WorkState, resumed
from labelhub.domain.welfare.windows import (
    DAY,
    DOSE_LIMITS,
    HOUR,
    WEEK,
    Measure,
    WindowDose,
    budget_ps,
    questions,
    working_day,
)
from labelhub.store import carried, charges, labelers, notices, policies
from labelhub.store.labelers import Turn
from labelhub.store.my_record import exposures

_SECOND = timedelta(seconds=1)
_NOWHERE = UUID(int=0)
_NAMES = {
    (Measure.POINTS, limit.window): name
    for limit, name in zip(
        DOSE_LIMITS, ("dose_hour", "dose_day", "dose_week", "dose_month"), strict=True
    )
} | {
    (Measure.WORK, DAY): "work_day",
    (Measure.WORK, WEEK): "work_week",
    (Measure.SEVERE, HOUR): "severe_hour",
    (Measure.SEVERE, DAY): "severe_day",
    (Measure.SEVERE, WEEK): "severe_week",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A project the labeler has joined, with the limits that hold in it."""

    project_id: ProjectId
    vendor_id: OrganisationId
    slug: str
    title: str
    limits: Effective


@dataclass(frozen=True, slots=True)
class Window:
    """A rolling window: what is in it, and the tightest limit of the projects joined.

    Amounts are point-seconds, seconds of work, or items of S4. `hard_limit` is the limit for S2
    and above where it is tighter. `next_back` is when the oldest charge leaves the window (gate
    time), `all_back` when the newest does; None: nothing is in it.
    """

    measure: Measure
    window: timedelta
    spent: int
    limit: int
    hard_limit: int
    layer: Layer
    project: str  # whose limit it is; empty for a layer outside projects
    next_back: datetime | None = None
    all_back: datetime | None = None

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.spent)

    @property
    def hard_remaining(self) -> int:
        return max(0, self.hard_limit - self.spent)


@dataclass(frozen=True, slots=True)
class Standing:
    """`policy` is the strictest of all `places`; times of the gate are `ahead` of the wall's."""

    turn: Turn
    policy: Policy
    places: tuple[Place, ...]
    windows: tuple[Window, ...]
    with_carried: bool

    @property
    def now(self) -> datetime:
        return self.turn.now

    @property
    def ahead(self) -> timedelta:
        """Return what must be added to gate time to get the time on the wall."""
        return self.turn.wall - self.turn.now


def of(session: Session, person_id: PersonId, clock: Clock) -> Standing:
    """Return how the gate sees the person now. Decides nothing and waits for nobody."""
    turn = replace(labelers.peek_turn(session, person_id, clock), shared=True)
    places = _places(session, turn)
    known = [place.limits for place in places] or [_anywhere(session, turn)]
    policy = reduce(Policy.tightened_by, (each.policy for each in known))
    with_carried = carried.any_of(session, person_id)
    asked = questions(policy, turn.work, turn.now)
    doses = charges.answer(session, person_id, asked, turn.now, with_carried=with_carried)
    work = resumed(turn.work, policy, turn.now)
    windows = [
        _with_return(session, turn, _window(dose, policy, work, turn.now, places, known))
        for dose in doses
    ]
    return Standing(turn, policy, places, tuple(windows), with_carried)


def _places(session: Session, turn: Turn) -> tuple[Place, ...]:
    found = []
    for notice, joined in notices.open_to(session, turn.person_id):
        locked = labelers.lock_state(session, turn, notice.slug) if joined else None
        if locked is None:
            continue
        place = locked.place
        limits = policies.in_force(
            session, place.vendor_organisation_id, place.project_id, turn.person_id, turn.now
        )
        found.append(
            Place(place.project_id, place.vendor_organisation_id, place.slug, place.title, limits)
        )
    return tuple(found)


def _anywhere(session: Session, turn: Turn) -> Effective:
    """Return what holds before any project is joined: the installation's and their own."""
    vendor, project = OrganisationId(_NOWHERE), ProjectId(_NOWHERE)
    return policies.in_force(session, vendor, project, turn.person_id, turn.now)


def _window(
    dose: WindowDose,
    policy: Policy,
    work: WorkState,
    now: datetime,
    places: Sequence[Place],
    known: Sequence[Effective],
) -> Window:
    name = _NAMES[dose.measure, dose.window]
    mild = _limit(dose.measure, dose.window, policy, work, Severity.S1, now)
    hard = _limit(dose.measure, dose.window, policy, work, HARD, now)
    value = getattr(policy, name)
    setter = next((place for place in places if getattr(place.limits.policy, name) == value), None)
    layer = setter.limits.set_by[name] if setter else known[0].set_by[name]
    inside = setter is not None and layer in {Layer.PROJECT, Layer.VENDOR}
    title = setter.title if setter is not None and inside else ""
    return Window(dose.measure, dose.window, dose.spent, mild, hard, layer, title)


def _limit(
    measure: Measure,
    window: timedelta,
    policy: Policy,
    work: WorkState,
    severity: Severity,
    now: datetime,
) -> int:
    """Return one window's limit for a tier, in the window's own unit, the ramp-up included."""
    if measure is Measure.POINTS:
        limit = next(each for each in DOSE_LIMITS if each.window == window)
        return budget_ps(limit, policy, work, severity, now)
    if measure is Measure.WORK and window == DAY:
        return working_day(policy, work, severity, now) // _SECOND
    if measure is Measure.WORK:
        return policy.work_week // _SECOND
    return int(getattr(policy, _NAMES[measure, window]))


def _with_return(session: Session, turn: Turn, window: Window) -> Window:
    """Add when room comes back: as the oldest charge leaves, and all of it as the newest does."""
    if not window.spent:
        return window
    after = turn.now - window.window
    own = exposures.edges(session, turn.person_id, after, window.measure)
    brought = carried.edges(session, turn.person_id, after, window.measure)
    ends = [each for each in (own, brought) if each is not None]
    return replace(
        window,
        next_back=min(first for first, _last in ends) + window.window,
        all_back=max(last for _first, last in ends) + window.window,
    )
