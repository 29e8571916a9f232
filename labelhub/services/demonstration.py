"""The demonstration's switcher: its people, and signing in as one; nothing anywhere else."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId, Role
from labelhub.services import sign_ins
from labelhub.store import installation, people

_ORDER = (
    Role.LABELER,
    Role.RESEARCHER,
    Role.VENDOR_MANAGER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
_ABOUT = {
    Role.LABELER: "Rates items; sees own limits, breaks and record.",
    Role.RESEARCHER: "Brings items in, watches quality, releases datasets.",
    Role.VENDOR_MANAGER: "Invites labelers; sees a roster, nobody's choices.",
    Role.AUDITOR: "Checks the record and the standards.",
    Role.ADMINISTRATOR: "Runs the installation: organisations and people.",
}


def accounts(session: Session) -> list[dict[str, str]]:
    """Return one account per role and organisation; none where this is no demonstration."""
    facts = installation.find(session)
    if facts is None or not facts.demonstration:
        return []
    first: dict[tuple[int, str], dict[str, str]] = {}
    for held in people.memberships(session):
        first.setdefault(
            (_ORDER.index(held.role), held.organisation_name),
            {
                "id": str(held.person.id),
                "name": held.person.name,
                "role": held.role.value,
                "organisation": held.organisation_name,
                "about": _ABOUT[held.role],
            },
        )
    return [first[key] for key in sorted(first)]


def sign_in_as(
    session: Session, account: UUID, browser: str, keys: Sequence[str], now: datetime
) -> str | None:
    """Return a token for that person; None unless this database is marked a demonstration."""
    facts = installation.find(session)
    if facts is None or not facts.demonstration:
        return None
    person = people.find(session, PersonId(account))
    if person is None or person.suspended_at is not None:
        return None
    return sign_ins.start(session, person.id, browser, keys, now)
