"""What is on offer to a labeler today: projects, and whether something may be served in each."""

from dataclasses import dataclass

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.outlook import Standstill, admissible_tiers, standstill
from labelhub.services import today
from labelhub.services.today import Today
from labelhub.store import labelers, notices, queue
from labelhub.store.labelers import Locked
from labelhub.store.notices import Notice


@dataclass(frozen=True, slots=True)
class Offer:
    """One project. `held` is why nothing can be served in it now; None while something can."""

    notice: Notice
    joined: bool
    waiting: bool  # items of a tier that is open to this labeler have a free slot
    held: Standstill | None


@dataclass(frozen=True, slots=True)
class Start:
    """A labeler's start: the offers, and the day so far where they have joined any."""

    offers: tuple[Offer, ...]
    today: Today | None
    locked: Locked | None


def for_labeler(session: Session, person_id: PersonId, clock: Clock) -> Start:
    """Return every project open to the labeler, joined ones first. Decides nothing."""
    offers: list[Offer] = []
    seen: Locked | None = None
    for notice, joined in notices.open_to(session, person_id):
        locked = labelers.glance(session, person_id, notice.slug, clock) if joined else None
        seen = seen or locked
        offers.append(_offer(session, notice, locked))
    day = None if seen is None else today.of(session, seen)
    return Start(tuple(offers), day, seen)


def _offer(session: Session, notice: Notice, locked: Locked | None) -> Offer:
    if locked is None:
        return Offer(notice, joined=False, waiting=False, held=None)
    tiers = admissible_tiers(locked.state, locked.place.facts, locked.now)
    waiting = queue.waiting_tiers(session, locked.place.project_id, tiers.open)
    held = None
    if not waiting:
        lacking = queue.waiting_tiers(session, locked.place.project_id, tiers.refused)
        held = standstill(tiers.refused[tier] for tier in sorted(lacking))
    return Offer(notice, joined=True, waiting=bool(waiting), held=held)
