"""Other projects in which a labeler can work now, where the one they are in has nothing for them.

Every refusal offers milder work, if there is any (working-standards.md, B.1).
"""

from dataclasses import dataclass

from sqlmodel import Session

from labelhub.domain.welfare.outlook import admissible_tiers
from labelhub.store import labelers, notices, queue
from labelhub.store.labelers import Locked, Turn

MOST_ASKED = 4
MOST_NAMED = 2
"""Bounds on what a refusal costs: a few statements for each project that is asked about."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A joined project with an item of a tier that is open to the labeler now."""

    slug: str
    title: str


def for_labeler(session: Session, locked: Locked) -> tuple[Elsewhere, ...]:
    """Return joined projects with work that the gate would admit now. Decides nothing."""
    state = locked.state
    turn = Turn(
        state.labeler_id, 0, state.work, locked.now, locked.wall, verified=state.clock_verified
    )
    joined = [
        notice
        for notice, joined in notices.open_to(session, state.labeler_id)
        if joined and notice.slug != locked.place.slug
    ]
    found: list[Elsewhere] = []
    for notice in sorted(joined, key=lambda one: one.max_severity)[:MOST_ASKED]:
        if len(found) < MOST_NAMED and _has_work(session, turn, notice.slug):
            found.append(Elsewhere(notice.slug, notice.title))
    return tuple(found)


def _has_work(session: Session, turn: Turn, slug: str) -> bool:
    there = labelers.lock_state(session, turn, slug)
    if there is None:
        return False
    tiers = admissible_tiers(there.state, there.place.facts, there.now).open
    return bool(queue.waiting_tiers(session, there.place.project_id, tiers))
