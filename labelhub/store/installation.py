"""The one row that says what this database is."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from labelhub.tables.installation import Installation


@dataclass(frozen=True, slots=True)
class InstallationFacts:
    demonstration: bool
    minimum_gate_version: int
    epoch: int
    created_at: datetime


def find(session: Session) -> InstallationFacts | None:
    row = session.get(Installation, 1)
    if row is None:
        return None
    return InstallationFacts(row.demonstration, row.minimum_gate_version, row.epoch, row.created_at)


def add(session: Session, now: datetime, *, demonstration: bool) -> None:
    session.add(Installation(id=1, demonstration=demonstration, created_at=now))
    session.flush()
