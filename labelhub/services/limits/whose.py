"""Whose limits a change is about: one of the four layers, and who may speak for it."""

from dataclasses import dataclass

from sqlmodel import Session

from labelhub.domain.projects import Project
from labelhub.domain.vocabulary import OrganisationId, PersonId, Role
from labelhub.domain.welfare.layers import Layer
from labelhub.services import installation
from labelhub.store import joinings, organisations, people


class NotTheirsError(LookupError):
    """The person does not speak for these limits, or not any more."""


@dataclass(frozen=True, slots=True)
class Whose:
    """One layer's limits. `organisation`: whose chain keeps the events; None where nobody's does.

    `person` is set for a labeler's own limits alone.
    """

    layer: Layer
    subject: str
    organisation: OrganisationId | None
    person: PersonId | None = None


def of_installation(session: Session, by: PersonId | None) -> Whose:
    """Return the installation's layer; its events are in the chain of whoever runs it."""
    home = organisations.find_by_slug(session, installation.OPERATOR)
    if home is not None:
        return Whose(Layer.INSTALLATION, "", home.id)
    held = [] if by is None else people.roles_of(session, by)
    homes = [one.organisation_id for one in held if one.role is Role.ADMINISTRATOR]
    return Whose(Layer.INSTALLATION, "", homes[0] if homes else None)


def of_vendor(organisation_id: OrganisationId) -> Whose:
    """Return the layer of a team: a vendor's, or that of a lab's own labelers."""
    return Whose(Layer.VENDOR, organisation_id.hex, organisation_id)


def of_project(project: Project) -> Whose:
    return Whose(Layer.PROJECT, project.id.hex, project.organisation_id)


def of_labeler(session: Session, person_id: PersonId) -> Whose:
    """Return a labeler's own layer; its events are in their own chain."""
    employer = joinings.employer(session, person_id, "")
    return Whose(Layer.LABELER, person_id.hex, employer, person_id)


def entitled(session: Session, whose: Whose, person_id: PersonId) -> bool:
    """Whether the person speaks for these limits at this moment, whatever a page showed before.

    A labeler's own are theirs alone: no role reaches them.
    """
    if whose.layer is Layer.LABELER:
        return person_id == whose.person
    wanted = {
        Layer.INSTALLATION: Role.ADMINISTRATOR,
        Layer.VENDOR: Role.VENDOR_MANAGER,
        Layer.PROJECT: Role.RESEARCHER,
    }[whose.layer]
    return any(
        held.role is wanted
        and held.person.suspended_at is None
        and (whose.layer is Layer.INSTALLATION or held.organisation_id == whose.organisation)
        for held in people.roles_of(session, person_id)
    )


def require(session: Session, whose: Whose, person_id: PersonId) -> None:
    """Go on only for somebody who speaks for these limits.

    Raises:
        NotTheirsError: they do not.

    """
    if not entitled(session, whose, person_id):
        raise NotTheirsError(whose.layer.value)
