"""Mild work in between: where hard items must not follow each other, another project's comes.

L-08, L-09 and the start of a work period (L-17) are lifted by milder work, not by waiting. Where
the project at hand has none left, an item of any other project that the labeler has joined keeps
the run short, and nobody stands idle because of a protection.
"""

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.verdicts import Reason
from labelhub.services import serving
from labelhub.services.showing import Offered, Refused, Served, Shown
from labelhub.store import notices

LIFTED_BY_MILD = frozenset({Reason.CONSECUTIVE, Reason.MIX, Reason.PERIOD_START})
"""Holds that end with milder items. Breaks, doses and the night do not: nothing is mixed there."""
MOST_ASKED = 4
"""Other projects that are asked for a mild item; each costs a few statements."""


def serve(session: Session, person_id: PersonId, slug: str, clock: Clock, key: str = "") -> Served:
    """Serve what is open or next in the project, or a mild item from elsewhere in between."""
    served = serving.serve_next(session, person_id, slug, clock, key)
    if not isinstance(served, Refused) or served.kept or not _lifted_by_mild(served):
        return served
    for other in _others(session, person_id, slug):
        between = serving.serve_next(session, person_id, other, clock, key, mild=True)
        if isinstance(between, Shown | Offered):
            return between
    return served


def _lifted_by_mild(refused: Refused) -> bool:
    reasons = {hold.reason for hold in refused.standstill.holds}
    return bool(reasons) and reasons <= LIFTED_BY_MILD


def _others(session: Session, person_id: PersonId, slug: str) -> list[str]:
    """Return the other projects the labeler has joined, the mildest first."""
    joined = [
        notice
        for notice, has_joined in notices.open_to(session, person_id)
        if has_joined and notice.slug != slug
    ]
    return [notice.slug for notice in sorted(joined, key=lambda one: one.max_severity)][:MOST_ASKED]
