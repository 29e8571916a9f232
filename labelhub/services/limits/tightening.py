"""Tightening limits: one person's act, in force at once for everyone it concerns."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.loosening import Change, tightened
from labelhub.domain.welfare.policy import Policy, bounds
from labelhub.services.limits import holding
from labelhub.services.limits.whose import Whose, require
from labelhub.store import limit_requests


def tighten(
    session: Session,
    whose: Whose,
    document: Mapping[str, Any],
    by: PersonId | None,
    clock: Clock,
) -> tuple[str, ...]:
    """Tighten the limits that *document* names; return those that changed, often all of them.

    The others stay as they are. Loosenings that were asked for of the same limits are overruled.
    *by* is None for the operator.

    Raises:
        PolicyError: the document names an unknown limit, or one looser than its ceiling.
        LoosensError: it names one looser than the value in force.
        NotTheirsError: the person does not speak for these limits.

    """
    change = Change.from_mapping(document)
    held = holding.hold(session, whose, clock)
    if by is not None:
        require(session, whose, by)
    after = tightened(held.own, held.outer, change)
    changed = tuple(n for n in bounds() if getattr(after, n) != getattr(held.own, n))
    if not changed:
        return ()
    holding.store(session, held, after)
    overruled = _overrule(session, held, changed, by)
    told: dict[str, object] = {
        "by": holding.OPERATOR if by is None else str(by),
        "tightened": written(after, changed),
    }
    holding.tell(session, held, told | ({"overruled": overruled} if overruled else {}))
    return changed


def written(policy: Policy, names: tuple[str, ...]) -> dict[str, object]:
    """Return the named values with their units, as events keep them."""
    return {
        name: {"value": bounds()[name].write(getattr(policy, name)), "unit": bounds()[name].unit}
        for name in names
    }


def _overrule(
    session: Session, held: holding.Held, changed: tuple[str, ...], by: PersonId | None
) -> list[str]:
    """Take the tightened limits out of what waits: between the two, the tightening wins."""
    overruled: list[str] = []
    for request in limit_requests.open_of(session, held.whose.layer, held.whose.subject):
        left = request.change.without(changed)
        if left.names == request.change.names:
            continue
        overruled += [name for name in request.change.names if name not in left.names]
        if left.names:
            limit_requests.narrow(session, request.id, left)
        else:
            limit_requests.decide(session, request.id, "withdrawn", by, held.now)
    return overruled
