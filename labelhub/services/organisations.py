"""Organisations: labs own projects, vendors engage labelers."""

import re
from dataclasses import dataclass

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import OrganisationId, OrganisationKind
from labelhub.services import recording
from labelhub.store import organisations as store

OrganisationFacts = store.OrganisationFacts

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
LONGEST_NAME = 200


class OrganisationError(ValueError):
    """An organisation cannot be added, or there is none of that name."""


@dataclass(frozen=True, slots=True)
class ListedOrganisation:
    facts: OrganisationFacts
    people: int


def add(
    session: Session, slug: str, name: str, kind: OrganisationKind, clock: Clock
) -> OrganisationId:
    """Add an organisation; its chain of the record begins with that.

    Raises:
        OrganisationError: the short name is malformed or taken, or the name is empty.

    """
    if not SLUG.fullmatch(slug):
        raise OrganisationError(
            f"{slug!r} is no short name: small letters, digits and hyphens, at most 64"
        )
    if not name.strip() or len(name) > LONGEST_NAME:
        raise OrganisationError(f"the name must have 1 to {LONGEST_NAME} characters")
    if store.find_by_slug(session, slug) is not None:
        raise OrganisationError(f"there is an organisation {slug!r} already")
    organisation_id = store.add(session, slug, name.strip(), kind, clock.now())
    payload = {"slug": slug, "kind": kind.value}
    recording.note(session, organisation_id, None, "organisation_added", payload, clock)
    return organisation_id


def get_by_slug(session: Session, slug: str) -> OrganisationFacts:
    found = store.find_by_slug(session, slug)
    if found is None:
        raise OrganisationError(f"there is no organisation {slug!r}")
    return found


def find(session: Session, organisation_id: OrganisationId) -> OrganisationFacts | None:
    return store.find(session, organisation_id)


def listing(session: Session) -> list[ListedOrganisation]:
    sizes = store.sizes(session)
    return [ListedOrganisation(one, sizes.get(one.id, 0)) for one in store.every(session)]
