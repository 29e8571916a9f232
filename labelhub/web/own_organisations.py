"""Which of the organisations in which a person has a role a page is about."""

from http import HTTPStatus
from typing import Any

from flask import abort, request, url_for

from labelhub.domain.audiences import RoleIn
from labelhub.domain.vocabulary import OrganisationKind, Role
from labelhub.web.context import current_person


def held(role: Role, kind: OrganisationKind | None = None) -> list[RoleIn]:
    """Return where the person has *role*, by name."""
    found = [
        one
        for one in current_person().memberships
        if one.role is role and kind in {None, one.organisation_kind}
    ]
    return sorted(found, key=lambda one: (one.organisation_name.casefold(), one.organisation_slug))


def chosen(role: Role, kind: OrganisationKind | None = None) -> RoleIn:
    """Return the organisation that the address names, else the first.

    One in which the person has no such role does not exist for them (S-1).
    """
    mine, named = held(role, kind), request.args.get("organisation")
    if not mine:
        abort(HTTPStatus.FORBIDDEN)
    if named is None:
        return mine[0]
    for one in mine:
        if one.organisation_slug == named:
            return one
    return abort(HTTPStatus.NOT_FOUND)


def links(
    endpoint: str, present: RoleIn, role: Role, kind: OrganisationKind | None = None
) -> list[dict[str, Any]]:
    """Return the choice as links; nothing where there is only one."""
    mine = held(role, kind)
    if len(mine) == 1:
        return []
    return [
        {
            "name": one.organisation_name,
            "url": url_for(endpoint, organisation=one.organisation_slug),
            "present": one == present,
        }
        for one in mine
    ]
