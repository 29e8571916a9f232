"""A vendor's roster: who is on it, and their paid time this week as one sum."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from labelhub.domain.vocabulary import OrganisationId
from labelhub.services.people import MembershipFacts
from labelhub.services.people import roster as members
from labelhub.store import roster as store


@dataclass(frozen=True, slots=True)
class OnRoster:
    """A labeler as their manager sees them. What the time was paid for is not the manager's."""

    membership: MembershipFacts
    paid: timedelta


def of_organisation(
    session: Session, organisation_id: OrganisationId, now: datetime
) -> list[OnRoster]:
    """Return the roster, with the time paid from Monday to the end of yesterday.

    A running sum would show, minute by minute, who pauses or declines (safety-case.md, P-5).
    """
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    paid = store.paid_seconds(session, organisation_id, monday, today)
    return [
        OnRoster(held, timedelta(seconds=paid.get(held.person.id, 0)))
        for held in members(session, organisation_id)
    ]
