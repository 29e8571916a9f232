"""Attempts counted in fixed windows, in one table for all workers and hosts."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from labelhub.tables.accounts import Throttle
from labelhub.tables.columns import UtcDateTime

_ADD = sa.text(
    "INSERT INTO throttle (key, window_start, attempts) VALUES (:key, :start, 1)"
    " ON CONFLICT (key, window_start) DO UPDATE SET attempts = throttle.attempts + 1"
).bindparams(sa.bindparam("start", type_=UtcDateTime))


def counts(session: Session, key: str, windows: tuple[datetime, datetime]) -> tuple[int, int]:
    """Return the attempts counted in each of two windows."""
    statement = sa.select(col(Throttle.window_start), col(Throttle.attempts)).where(
        col(Throttle.key) == key, col(Throttle.window_start).in_(windows)
    )
    found = {start: n for start, n in session.connection().execute(statement)}  # noqa: C416 rows are no pairs to a type checker
    return found.get(windows[0], 0), found.get(windows[1], 0)


def add(session: Session, key: str, window: datetime) -> None:
    """Count one attempt. Concurrent workers add up: the row is changed where it stands."""
    session.connection().execute(_ADD, {"key": key, "start": window})


def give_back(session: Session, key: str, window: datetime) -> None:
    """Take one attempt back: it was no guess."""
    statement = (
        sa.update(Throttle)
        .where(
            col(Throttle.key) == key,
            col(Throttle.window_start) == window,
            col(Throttle.attempts) > 0,
        )
        .values(attempts=Throttle.attempts - 1)
    )
    session.connection().execute(statement)


def clear(session: Session, key: str) -> None:
    session.connection().execute(sa.delete(Throttle).where(col(Throttle.key) == key))


def delete_older(session: Session, before: datetime) -> int:
    statement = sa.delete(Throttle).where(col(Throttle.window_start) < before)
    return session.connection().execute(statement).rowcount
