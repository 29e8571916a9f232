"""A project's own limits, for its page and for the command that makes it (W-5, T-1)."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.projects import Project, Scope
from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.limits import PolicyError
from labelhub.domain.welfare.loosening import LoosensError
from labelhub.domain.welfare.policy import Policy
from labelhub.services.limits import holding, tightening, whose
from labelhub.store import gate_clock, policies, projects

__all__ = ["LoosensError", "PolicyError"]


def installed(session: Session, clock: Clock) -> Policy:
    """Return the limits of the installation: what a project can only tighten."""
    return holding.installed(session, gate_clock.peek(session, clock).gate_time)


def of(session: Session, project: Project, clock: Clock) -> Policy | None:
    """Return the limits the project has set for itself, if any."""
    now = gate_clock.peek(session, clock).gate_time
    return policies.of_layer(session, Layer.PROJECT, project.id.hex, now)


def in_force(session: Session, project: Project, clock: Clock) -> Policy:
    """Return what holds in the project before its vendors and labelers tighten it further."""
    own = of(session, project, clock)
    outer = installed(session, clock)
    return outer if own is None else outer.tightened_by(own)


def tighten(
    session: Session,
    scope: Scope,
    slug: str,
    document: Mapping[str, Any],
    by: PersonId | None,
    clock: Clock,
) -> None:
    """Tighten the limits that *document* names; the project's others stay as they are.

    They hold at once, on gate time. *by* is None for the operator.

    Raises:
        PolicyError: the document names an unknown limit, or one looser than its ceiling.
        LoosensError: it names one looser than the value in force.

    """
    project = projects.get_by_slug(session, scope, slug)
    tightening.tighten(session, whose.of_project(project), document, by, clock)
