"""Who may enter where: an endpoint's audience, a visitor's standing, and the decision."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from labelhub.domain.vocabulary import (
    SEES_OTHERS,
    OrganisationId,
    OrganisationKind,
    PersonId,
    Role,
)


class Standing(StrEnum):
    """How far someone has come in saying who they are."""

    PUBLIC = "public"
    PASSWORD_GIVEN = "password_given"  # noqa: S105 the second factor is still to come
    SIGNED_IN = "signed_in"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an endpoint serves. No roles: everyone of that standing.

    *former*: also whoever held one of the roles and holds it no more (DAT-01).
    """

    standing: Standing
    roles: frozenset[Role] = frozenset()
    former: bool = False


PUBLIC = Audience(Standing.PUBLIC)
PASSWORD_GIVEN = Audience(Standing.PASSWORD_GIVEN)
SIGNED_IN = Audience(Standing.SIGNED_IN)
LABELER_OR_FORMER = Audience(Standing.SIGNED_IN, frozenset({Role.LABELER}), former=True)
"""A record belongs to its labeler also after they have left."""


@dataclass(frozen=True, slots=True)
class RoleIn:
    """A role of a person in one organisation."""

    role: Role
    organisation_id: OrganisationId
    organisation_slug: str
    organisation_name: str
    organisation_kind: OrganisationKind


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person behind a request, as the database has them at this request."""

    person_id: PersonId
    name: str
    email: str
    country: str
    zone: str
    locale: str
    sign_in_id: UUID
    started_at: datetime
    seen_at: datetime
    second_factor_at: datetime | None
    has_second_factor: bool
    demonstration: bool
    memberships: tuple[RoleIn, ...]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(membership.role for membership in self.memberships)

    def organisations(self, role: Role) -> tuple[OrganisationId, ...]:
        """Return the organisations in which this person has *role*, in a stable order."""
        found = {member.organisation_id for member in self.memberships if member.role is role}
        return tuple(sorted(found))

    @property
    def second_factor_due(self) -> bool:
        """Whether the second factor must still be proven, or first be set up, to go on.

        Required of every role that sees others' data; who has one of their own will is asked
        for it too. The demonstration is exempt (decisions.md, People).
        """
        if self.demonstration or self.second_factor_at is not None:
            return False
        return self.has_second_factor or bool(self.roles & SEES_OTHERS)


class Entry(StrEnum):
    """The answer at the door."""

    ADMITTED = "admitted"
    SIGN_IN_FIRST = "sign_in_first"
    SECOND_FACTOR_FIRST = "second_factor_first"
    WRONG_ROLE = "wrong_role"


def entry(audience: Audience, visitor: Visitor | None) -> Entry:
    """Decide whether *visitor* may use an endpoint of *audience*."""
    if audience.standing is Standing.PUBLIC:
        return Entry.ADMITTED
    if visitor is None:
        return Entry.SIGN_IN_FIRST
    if audience.standing is Standing.PASSWORD_GIVEN:
        return Entry.ADMITTED
    if visitor.second_factor_due:
        return Entry.SECOND_FACTOR_FIRST
    if audience.roles and not audience.roles & visitor.roles:
        return Entry.WRONG_ROLE
    return Entry.ADMITTED
