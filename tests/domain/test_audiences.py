"""Who may enter: the decision for each standing, role and second factor."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from labelhub.domain.audiences import (
    PASSWORD_GIVEN,
    PUBLIC,
    SIGNED_IN,
    Audience,
    Entry,
    RoleIn,
    Standing,
    Visitor,
    entry,
)
from labelhub.domain.vocabulary import OrganisationId, OrganisationKind, PersonId, Role

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOME = OrganisationId(UUID(int=7))
SOMEONE = Visitor(
    person_id=PersonId(UUID(int=1)),
    name="Amina",
    email="amina@example.org",
    country="",
    zone="UTC",
    locale="en",
    sign_in_id=UUID(int=2),
    started_at=NOON,
    seen_at=NOON,
    second_factor_at=None,
    has_second_factor=False,
    demonstration=False,
    memberships=(),
)


def with_roles(*roles: Role) -> Visitor:
    held = tuple(RoleIn(role, HOME, "home", "Home", OrganisationKind.VENDOR) for role in roles)
    return replace(SOMEONE, memberships=held)


def only(*roles: Role) -> Audience:
    return Audience(Standing.SIGNED_IN, frozenset(roles))


@pytest.mark.parametrize(
    ("audience", "visitor", "expected"),
    [
        (PUBLIC, None, Entry.ADMITTED),
        (SIGNED_IN, None, Entry.SIGN_IN_FIRST),
        (PASSWORD_GIVEN, None, Entry.SIGN_IN_FIRST),
        (only(Role.LABELER), None, Entry.SIGN_IN_FIRST),
        (SIGNED_IN, SOMEONE, Entry.ADMITTED),
        (only(Role.LABELER), SOMEONE, Entry.WRONG_ROLE),
        (only(Role.LABELER), with_roles(Role.LABELER), Entry.ADMITTED),
        (only(Role.AUDITOR), with_roles(Role.LABELER), Entry.WRONG_ROLE),
        (only(Role.AUDITOR), with_roles(Role.AUDITOR), Entry.SECOND_FACTOR_FIRST),
        (SIGNED_IN, with_roles(Role.AUDITOR), Entry.SECOND_FACTOR_FIRST),
        (only(Role.LABELER), with_roles(Role.LABELER, Role.AUDITOR), Entry.SECOND_FACTOR_FIRST),
        (PASSWORD_GIVEN, with_roles(Role.AUDITOR), Entry.ADMITTED),
        (PUBLIC, with_roles(Role.AUDITOR), Entry.ADMITTED),
        (SIGNED_IN, replace(SOMEONE, has_second_factor=True), Entry.SECOND_FACTOR_FIRST),
        (
            only(Role.AUDITOR),
            replace(with_roles(Role.AUDITOR), second_factor_at=NOON),
            Entry.ADMITTED,
        ),
        (only(Role.AUDITOR), replace(with_roles(Role.AUDITOR), demonstration=True), Entry.ADMITTED),
    ],
)
def test_the_door(audience: Audience, visitor: Visitor | None, expected: Entry) -> None:
    assert entry(audience, visitor) is expected


def test_a_role_holds_only_in_its_organisations() -> None:
    visitor = with_roles(Role.LABELER)

    assert visitor.organisations(Role.LABELER) == (HOME,)
    assert visitor.organisations(Role.VENDOR_MANAGER) == ()
