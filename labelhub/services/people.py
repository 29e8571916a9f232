"""People and their roles: given, ended, suspended; each change is an event of the record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import OrganisationId, PersonId, Role
from labelhub.domain.welfare.night import MOVED
from labelhub.services import recording
from labelhub.store import gate_clock, sign_ins, turns, zones
from labelhub.store import people as store

PersonFacts = store.PersonFacts
MembershipFacts = store.MembershipFacts

_BY_OPERATOR = "operator"


class PeopleError(ValueError):
    """A change of somebody's standing is refused; the message says why."""


@dataclass(frozen=True, slots=True)
class ListedPerson:
    facts: PersonFacts
    roles: tuple[MembershipFacts, ...]
    second_factor: bool


def give_role(
    session: Session,
    person_id: PersonId,
    organisation_id: OrganisationId,
    role: Role,
    by: PersonId | None,
    clock: Clock,
) -> bool:
    """Give a role and record it; False if the person holds it already."""
    turns.take(session, person_id)
    if not store.add_membership(session, person_id, organisation_id, role, clock.now()):
        return False
    payload = {"role": role.value, "by": _author(by)}
    recording.note(session, organisation_id, person_id, "role_given", payload, clock)
    return True


def end_role(
    session: Session,
    person_id: PersonId,
    membership_id: UUID,
    by: PersonId | None,
    clock: Clock,
) -> MembershipFacts | None:
    """End one role at once, and every sign-in of the person; None if they have no such role.

    Raises:
        PeopleError: nobody could administer the installation afterwards.

    """
    if store.find(session, person_id) is None:
        return None
    turns.take(session, person_id)
    membership = store.find_membership(session, membership_id)
    if membership is None or membership.person.id != person_id:
        return None
    store.end_membership(session, membership_id, clock.now())
    _require_administrator(session)
    sign_ins.end_all(session, membership.person.id, clock.now())
    payload = {"role": membership.role.value, "by": _author(by)}
    recording.note(
        session, membership.organisation_id, membership.person.id, "role_ended", payload, clock
    )
    return membership


def suspend(session: Session, person_id: PersonId, by: PersonId | None, clock: Clock) -> bool:
    """Keep a person out from the next request on; False if they are out already.

    Raises:
        PeopleError: nobody could administer the installation afterwards.

    """
    if store.find(session, person_id) is None:
        return False
    turns.take(session, person_id)
    if not store.set_suspended(session, person_id, clock.now()):
        return False
    _require_administrator(session)
    sign_ins.end_all(session, person_id, clock.now())
    note_everywhere(session, person_id, "suspended", by, clock)
    return True


def reinstate(session: Session, person_id: PersonId, by: PersonId | None, clock: Clock) -> bool:
    """Let a suspended person back in; False if they are not suspended."""
    if store.find(session, person_id) is None:
        return False
    turns.take(session, person_id)
    if not store.set_suspended(session, person_id, None):
        return False
    note_everywhere(session, person_id, "reinstated", by, clock)
    return True


def move(session: Session, person_id: PersonId, country: str, zone: str, clock: Clock) -> bool:
    """Store where a person is, as they say themselves; False if that changes nothing.

    Rests and budgets count hours, not places. A night (L-17) is local: that of the zone they
    leave still counts for `MOVED`, so that naming another place ends no night.
    """
    turns.take(session, person_id)
    was = store.get(session, person_id)
    changed: dict[str, object] = {}
    if country != was.country:
        store.set_country(session, person_id, country)
        changed["country"] = "changed"  # no rule asks for it, so the record does not tell it
    if zone != was.zone:
        now = gate_clock.tick(session, clock).gate_time
        zones.move(session, person_id, zone, until=now + MOVED, now=now)
        changed |= {"zone": zone, "zone_before": was.zone}
    if changed:
        note_everywhere(session, person_id, "place_changed", person_id, clock, changed)
    return bool(changed)


def holds(
    session: Session, person_id: PersonId, organisation_id: OrganisationId, role: Role
) -> bool:
    return any(
        held.organisation_id == organisation_id and held.role is role
        for held in store.roles_of(session, person_id)
    )


def held_before(session: Session, person_id: PersonId, roles: Collection[Role]) -> bool:
    return store.held_before(session, person_id, roles)


def find(session: Session, person_id: PersonId) -> ListedPerson | None:
    facts = store.find(session, person_id)
    if facts is None:
        return None
    return _listed(session, [facts])[0]


def listing(session: Session, after: str, size: int) -> list[ListedPerson]:
    """Return up to *size* persons in the order of their addresses, those after *after*."""
    return _listed(session, store.page(session, after, size))


def _listed(session: Session, page: list[PersonFacts]) -> list[ListedPerson]:
    ids = [facts.id for facts in page]
    roles = store.roles_of_many(session, ids)
    enrolled = store.with_second_factor(session, ids)
    return [
        ListedPerson(facts, tuple(roles.get(facts.id, ())), facts.id in enrolled) for facts in page
    ]


def roster(session: Session, organisation_id: OrganisationId) -> list[MembershipFacts]:
    """Return the labelers of one organisation: who they are and since when, nothing else."""
    return store.with_role(session, organisation_id, Role.LABELER)


def _require_administrator(session: Session) -> None:
    if store.count_with_role(session, Role.ADMINISTRATOR) == 0:
        raise PeopleError("the installation needs at least one administrator")


def note_everywhere(
    session: Session,
    person_id: PersonId,
    kind: str,
    by: PersonId | None,
    clock: Clock,
    more: Mapping[str, object] | None = None,
) -> None:
    """Record in the person's chain of every organisation they work for: each has its own."""
    organisations = {held.organisation_id for held in store.roles_of(session, person_id)}
    for organisation_id in sorted(organisations):
        payload = {"by": _author(by), **(more or {})}
        recording.note(session, organisation_id, person_id, kind, payload, clock)


def _author(by: PersonId | None) -> str:
    return _BY_OPERATOR if by is None else str(by)
