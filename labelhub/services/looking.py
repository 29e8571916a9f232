"""Staff looking at people: what they see, and that they looked, in one transaction (D.7, T-13)."""

from datetime import datetime

from sqlmodel import Session

from labelhub.domain.vocabulary import OrganisationId, PersonId
from labelhub.services import people
from labelhub.services import roster as rosters
from labelhub.services.people import ListedPerson
from labelhub.services.roster import OnRoster
from labelhub.store import looks


def roster(
    session: Session, organisation_id: OrganisationId, by: PersonId, now: datetime
) -> list[OnRoster]:
    """Return a vendor's roster to its manager *by*."""
    found = rosters.of_organisation(session, organisation_id, now)
    looks.note(session, (one.membership.person.id for one in found), by, "roster", now)
    return found


def person(
    session: Session, person_id: PersonId, by: PersonId, now: datetime
) -> ListedPerson | None:
    """Return a person's roles and standing to an administrator."""
    found = people.find(session, person_id)
    if found is not None:
        looks.note(session, (person_id,), by, "person", now)
    return found


def listing(
    session: Session, after: str, size: int, by: PersonId, now: datetime
) -> list[ListedPerson]:
    """Return a page of the list of people to an administrator."""
    found = people.listing(session, after, size)
    looks.note(session, (one.facts.id for one in found), by, "people", now)
    return found
