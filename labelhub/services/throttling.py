"""Attempts held back: one count per key for all workers and hosts, in the database (S-7).

The `limits` library was considered: its strategies read the system clock themselves and write
outside the caller's transaction, so an own table serves better.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from labelhub.domain.accounts import Allowance, throttled, window_start
from labelhub.store import throttles as store

_FORGOTTEN = timedelta(days=1)


def take(session: Session, key: str, allowance: Allowance, now: datetime) -> bool:
    """Count an attempt and return True; return False where none is left.

    The count is raised before it is read, so that concurrent attempts queue at the row and none
    slips through. A refused attempt does not count: a flood keeps nobody out after it ends.
    """
    current_window = window_start(allowance, now)
    store.add(session, key, current_window)
    windows = (current_window - allowance.window, current_window)
    previous, current = store.counts(session, key, windows)
    if throttled(previous, current - 1, allowance, now):
        store.give_back(session, key, current_window)
        return False
    return True


def give_back(session: Session, key: str, allowance: Allowance, now: datetime) -> None:
    """Return one attempt: it was right, so it was no guess."""
    store.give_back(session, key, window_start(allowance, now))


def clear(session: Session, key: str) -> None:
    store.clear(session, key)


def forget_old(session: Session, now: datetime) -> int:
    """Delete counts that no window reaches any more; a job, safe to repeat."""
    return store.delete_older(session, now - _FORGOTTEN)
