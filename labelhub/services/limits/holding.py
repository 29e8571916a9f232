"""Holding a layer's limits alone, to change them: in one order, so that nobody waits in a ring."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.policy import Policy, ceiling
from labelhub.services.limits.whose import Whose
from labelhub.store import gate_clock, joined, labelers, policies, record

OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Held:
    """A layer as it stands while nobody else can change it, until the transaction ends.

    `own` is what the layer has set, `outer` what holds outside it. `now` is gate time; `seen` is
    gate time that every host has reached, so that what begins then begins everywhere at once.
    """

    whose: Whose
    own: Policy
    outer: Policy
    now: datetime
    seen: datetime
    wall: datetime


def hold(session: Session, whose: Whose, clock: Clock) -> Held:
    """Take the labeler's turn, if the limits are theirs, then wait until no serve is deciding."""
    if whose.person is not None:
        labelers.take_turn(session, whose.person, clock)
    policies.hold_alone(session)
    now = gate_clock.tick(session, clock).gate_time
    own, outer = standing(session, whose, now)
    seen = min(now, policies.reached(session))
    return Held(whose, own, outer, now, seen, clock.now())


def standing(session: Session, whose: Whose, now: datetime) -> tuple[Policy, Policy]:
    """Return what the layer itself has set, and what holds outside it.

    The installation's own limits begin as the shipped ones, and only the ceilings lie outside.
    Several vendors work on a project and a labeler on several projects: outside of them is what
    holds for all, the installation's.
    """
    found = policies.of_layer(session, whose.layer, whose.subject, now)
    if whose.layer is Layer.INSTALLATION:
        return found or policies.shipped(), ceiling()
    return found or ceiling(), installed(session, now)


def installed(session: Session, now: datetime) -> Policy:
    """Return the installation's limits at *now*, gate time."""
    return policies.of_layer(session, Layer.INSTALLATION, "", now) or policies.shipped()


def strictest(session: Session, whose: Whose, now: datetime) -> Policy:
    """Return all that holds for the layer, for how long a loosening of it waits.

    For a labeler that is the strictest of all their projects.
    """
    own, outer = standing(session, whose, now)
    found = outer.tightened_by(own)
    if whose.person is not None:
        for one in joined.of_person(session, whose.person):
            place = policies.in_force(session, one.team_id, one.project_id, whose.person, now)
            found = found.tightened_by(place.policy)
    return found


def labeler_delay(session: Session, person_id: PersonId, now: datetime) -> timedelta:
    """Return how long a labeler's own choice to see more waits: the longest of all layers."""
    own = Whose(Layer.LABELER, person_id.hex, None, person_id)
    return strictest(session, own, now).delay_labeler


def store(session: Session, held: Held, after: Policy) -> None:
    """Store the layer's limits; they hold at once, on every host."""
    policies.commit(
        session, held.whose.layer, held.whose.subject, after,
        now=held.now, effective_at=held.seen,
    )  # fmt: skip


def tell(session: Session, held: Held, what: Mapping[str, object]) -> None:
    """Write the one event of a change, in the same transaction (T-1).

    A labeler's has the kind of all their choices, which names none of them.
    """
    whose = held.whose
    if whose.organisation is None:
        return
    kind = "policy" if whose.person is None else "choice"
    payload = {"layer": whose.layer.value, **what}
    if whose.layer is Layer.PROJECT:
        payload["project"] = whose.subject
    record.append(
        session, whose.organisation, whose.person, kind, payload, held.now, held.wall
    )  # fmt: skip
