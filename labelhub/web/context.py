"""What a request works with: the time, the database, and the person who asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from flask import current_app, g
from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.audiences import Visitor
from labelhub.settings import Settings
from labelhub.store.database import Database

T = TypeVar("T")

EXTENSION = "labelhub"


@dataclass(frozen=True, slots=True)
class Running:
    """What one process holds for its whole life."""

    settings: Settings
    clock: Clock
    database: Database
    asset_version: str


def running() -> Running:
    return cast("Running", current_app.extensions[EXTENSION])


def database() -> Database:
    return running().database


def clock() -> Clock:
    return running().clock


def now() -> datetime:
    """Return the wall time; the gate's own time is read inside its transaction (R4)."""
    return running().clock.now()


def transact(work: Callable[[Session], T]) -> T:
    """Do *work* in one transaction, repeated as a whole if the database asks, and commit it.

    It has committed when this returns, so a response is built only afterwards (R2).
    """
    return running().database.run(work)


def read(work: Callable[[Session], T]) -> T:
    """Do *work* in a transaction that cannot write."""
    with running().database.reading() as session:
        return work(session)


def glance(work: Callable[[Session], T]) -> T:
    """Ask one question of the database, outside any transaction."""
    with running().database.glancing() as session:
        return work(session)


def visitor() -> Visitor | None:
    """Return whoever asks, or None where nobody is signed in."""
    return cast("Visitor | None", g.get("visitor"))


def current_person() -> Visitor:
    """Return the signed-in person. Endpoints whose audience is not public always have one."""
    person = visitor()
    if person is None:
        raise LookupError("this endpoint serves people who are not signed in")
    return person
