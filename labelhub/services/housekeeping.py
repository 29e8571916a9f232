"""What jobs clear away. Safety never waits for it: everything here may run twice, late or never."""

from datetime import timedelta

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.services import leases, sign_ins, throttling
from labelhub.store import replays

_REPLAYS_KEPT = timedelta(days=31)
"""A lease of at most 75 minutes and 30 days (safety-case.md, R3)."""


def forget_old(session: Session, clock: Clock) -> int:
    """Delete sign-ins, counts of attempts and replayed requests that nothing can ask for."""
    now = clock.now()
    return (
        sign_ins.forget_old(session, now)
        + throttling.forget_old(session, now)
        + replays.forget(session, now - _REPLAYS_KEPT)
    )


def return_expired(session: Session, clock: Clock) -> int:
    """Close leases that ran out in gate time, so that their items can go to someone else."""
    return leases.expire(session, clock)
