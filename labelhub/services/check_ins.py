"""A labeler's check-ins: written, read and deleted by the labeler alone (safety-case.md, P-4).

Only `web.check_ins` may import this. Nothing here takes the person's turn, writes an event or
touches any table but the vault's: a turn's number orders the queue, so taking one would let an
answer change what is served.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from labelhub.domain.check_ins import CheckIn
from labelhub.domain.vocabulary import PersonId
from labelhub.store import vault

MOST_KEPT = 5_000
"""Check-ins of one labeler: one an hour for more than two years of work."""


@dataclass(frozen=True, slots=True)
class Kept:
    id: UUID
    check_in: CheckIn


@dataclass(frozen=True, slots=True)
class Own:
    """What a labeler's vault holds: newest first, and how many rows cannot be read."""

    kept: tuple[Kept, ...]
    unreadable: int


def write(session: Session, keys: Sequence[str], person_id: PersonId, check_in: CheckIn) -> bool:
    """Keep an answer; False, and nothing kept, where there are `MOST_KEPT` already."""
    if vault.count(session, keys, person_id) >= MOST_KEPT:
        return False
    vault.add(session, keys, person_id, check_in.to_document())
    return True


def own(session: Session, keys: Sequence[str], person_id: PersonId) -> Own:
    rows = vault.of_owner(session, keys, person_id)
    kept = [
        Kept(row.id, read)
        for row in rows
        if row.document is not None and (read := CheckIn.from_document(row.document)) is not None
    ]
    kept.sort(key=_newest, reverse=True)
    return Own(tuple(kept), len(rows) - len(kept))


def delete(session: Session, keys: Sequence[str], person_id: PersonId, row_id: UUID) -> bool:
    """Delete one; False where it is not there, or not this person's."""
    return vault.remove(session, keys, person_id, row_id)


def delete_all(session: Session, keys: Sequence[str], person_id: PersonId) -> int:
    """Delete all, also what cannot be read; return how many there were."""
    return vault.remove_all(session, keys, person_id)


def _newest(kept: Kept) -> tuple[datetime, UUID]:
    return kept.check_in.at, kept.id
