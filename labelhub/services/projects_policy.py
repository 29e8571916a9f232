"""A project's own limits: tighter at once, looser only after seven days (W-5, L-20)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.projects import Project, Scope
from labelhub.domain.welfare.layers import Layer, loosened
from labelhub.domain.welfare.limits import PolicyError
from labelhub.domain.welfare.policy import Policy, ceiling
from labelhub.store import gate_clock, pending_limits, policies, projects

__all__ = ["Outcome", "PolicyError"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was stored: names of the values that hold only from `loosened_from` on."""

    loosened: tuple[str, ...]
    loosened_from: datetime | None


def installed(session: Session) -> Policy:
    """Return the limits of the installation: what a project can only tighten."""
    far = datetime.max.replace(tzinfo=UTC)
    own = policies.of_layer(session, Layer.INSTALLATION, "", far)
    return policies.shipped() if own is None else policies.shipped().tightened_by(own)


def of(session: Session, project: Project, now: datetime) -> Policy | None:
    """Return the limits the project has set for itself, if any; `now` is gate time."""
    return policies.of_layer(session, Layer.PROJECT, project.id.hex, now)


def set_limits(
    session: Session, scope: Scope, slug: str, document: Mapping[str, Any], clock: Clock
) -> Outcome:
    """Set a project's limits. What tightens holds at once; what loosens waits seven days.

    Against the installation's limits a project only ever tightens: the strictest of all layers
    is in force. Times are gate time, so that no wall clock can bring a loosening forward.

    Raises:
        PolicyError: the document names an unknown limit, or one looser than its ceiling.

    """
    wanted = Policy.from_mapping(document, partial=True)
    policies.hold_alone(session)
    project = projects.get_by_slug(session, scope, slug)
    now = gate_clock.tick(session, clock).gate_time
    subject = project.id.hex
    current = policies.of_layer(session, Layer.PROJECT, subject, now) or ceiling()
    policies.commit(
        session, Layer.PROJECT, subject, current.tightened_by(wanted), now=now, effective_at=now
    )
    for waiting in pending_limits.of(session, Layer.PROJECT, subject, now):
        # A loosening asked for earlier still comes, but never looser than what is asked now.
        policies.commit(
            session,
            Layer.PROJECT,
            subject,
            waiting.policy.tightened_by(wanted),
            now=now,
            effective_at=waiting.effective_at,
        )
    names = loosened(current, wanted)
    if not names:
        return Outcome((), None)
    later = now + ceiling().delay_others
    policies.commit(session, Layer.PROJECT, subject, wanted, now=now, effective_at=later)
    return Outcome(names, later)
