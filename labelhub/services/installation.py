"""Making an installation: its one row, gate time, and the first administrator's link."""

from collections.abc import Sequence

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import OrganisationKind, Role
from labelhub.services import invitations, organisations
from labelhub.store import gate_clock
from labelhub.store import installation as store

InstallationFacts = store.InstallationFacts

OPERATOR = "operator"
"""The short name of the organisation that runs the installation; its administrators' home."""


def make(session: Session, clock: Clock, *, demonstration: bool = False) -> bool:
    """Make the installation's rows once; False if they exist. Gate time starts here."""
    if store.find(session) is not None:
        return False
    store.add(session, clock.now(), demonstration=demonstration)
    gate_clock.start(session, clock)
    organisations.add(session, OPERATOR, "Operator", OrganisationKind.LAB, clock)
    return True


def invite_administrator(session: Session, keys: Sequence[str], clock: Clock) -> str:
    """Return the token of a link that makes one administrator, who chooses their address.

    Links made earlier stop working: one that was mislaid must not make an administrator later.
    """
    home = organisations.get_by_slug(session, OPERATOR)
    invitations.withdraw_unaddressed(session, home.id, clock.now())
    return invitations.invite(session, home.id, Role.ADMINISTRATOR, "", None, keys, clock.now())


def find(session: Session) -> InstallationFacts | None:
    return store.find(session)
