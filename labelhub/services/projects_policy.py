"""A project's own limits: they only tighten, and each change is an event (W-5, T-1)."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.projects import Project, Scope
from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.layers import Layer, loosened
from labelhub.domain.welfare.limits import PolicyError
from labelhub.domain.welfare.policy import Policy, bounds, ceiling
from labelhub.services import recording
from labelhub.store import gate_clock, policies, projects

__all__ = ["LoosensError", "PolicyError"]

_OPERATOR = "operator"


class LoosensError(PolicyError):
    """A limit was asked for that is looser than the one in force: one person cannot decide that."""

    def __init__(self, names: tuple[str, ...], in_force: Policy) -> None:
        self.names = names
        values = "; ".join(f"{name}: in force is {_written(in_force, name)}" for name in names)
        super().__init__(
            f"{values}; a project only tightens, because loosening needs a second person"
        )


def installed(session: Session, clock: Clock) -> Policy:
    """Return the limits of the installation: what a project can only tighten."""
    now = gate_clock.peek(session, clock).gate_time
    own = policies.of_layer(session, Layer.INSTALLATION, "", now)
    return policies.shipped() if own is None else policies.shipped().tightened_by(own)


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

    They hold at once, on gate time. Loosening needs two people and waits (decisions.md,
    Serving); until two can be asked, nothing loosens. *by* is None for the operator.

    Raises:
        PolicyError: the document names an unknown limit, or one looser than its ceiling.
        LoosensError: it names one looser than the value in force.

    """
    wanted = Policy.from_mapping(document, partial=True)
    policies.hold_alone(session)
    project = projects.get_by_slug(session, scope, slug)
    now = gate_clock.tick(session, clock).gate_time
    own = policies.of_layer(session, Layer.PROJECT, project.id.hex, now) or ceiling()
    before = installed(session, clock).tightened_by(own)
    named = document["limits"].keys()
    if names := tuple(name for name in loosened(before, wanted) if name in named):
        raise LoosensError(names, before)
    after = own.tightened_by(wanted)
    if after == own:
        return
    policies.commit(session, Layer.PROJECT, project.id.hex, after, now=now, effective_at=now)
    changed = [name for name in bounds() if getattr(after, name) != getattr(own, name)]
    payload = {
        "layer": Layer.PROJECT.value,
        "project": project.id.hex,
        "by": _OPERATOR if by is None else str(by),
        "tightened": {
            name: {"value": bounds()[name].write(getattr(after, name)), "unit": bounds()[name].unit}
            for name in changed
        },
    }
    recording.note(session, project.organisation_id, None, "policy", payload, clock)


def _written(policy: Policy, name: str) -> str:
    return f"{bounds()[name].write(getattr(policy, name))} {bounds()[name].unit}"
