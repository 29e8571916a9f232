"""The vault of check-ins: sealed answers under a keyed hash of their owner (safety-case.md, R6.7).

Only `services.check_ins` may import this. A row names nobody, nothing refers to it, and neither
its owner nor its content can be told without the vault's key, which lies in a file of its own.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId
from labelhub.identifiers import new_id
from labelhub.store.prepared import dialect_of
from labelhub.tables import metadata

_CHECK_IN = metadata.tables["check_in"]
_NONCE_BYTES = 12
"""NIST SP 800-38D, section 8.2: 96 random bits; far fewer than 2^32 answers are sealed by a key."""
_ROUND_BYTES = 512
"""Answers are filled up to a multiple of it, so that a row's length does not tell what it says."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A row of its owner. `document` is None where it cannot be read: it was changed."""

    id: UUID
    document: Mapping[str, Any] | None


def add(
    session: Session, keys: Sequence[str], person_id: PersonId, document: Mapping[str, Any]
) -> None:
    """Seal one answer under the newest key."""
    owner = _owner(keys[0], person_id)
    sealed = _seal(keys[0], owner, orjson.dumps(document))
    row = {"id": new_id(), "owner": owner, "sealed": sealed}
    session.connection().execute(sa.insert(_CHECK_IN), row)


def of_owner(session: Session, keys: Sequence[str], person_id: PersonId) -> list[Opened]:
    """Return all rows of a person, under any of the keys, in no order."""
    key_of = {_owner(key, person_id): key for key in keys}
    statement = sa.select(_CHECK_IN).where(_CHECK_IN.c.owner.in_(key_of))
    rows = session.connection().execute(statement)
    return [Opened(row.id, _opened(key_of[row.owner], row.owner, row.sealed)) for row in rows]


def count(session: Session, keys: Sequence[str], person_id: PersonId) -> int:
    statement = sa.select(sa.func.count()).where(_of(keys, person_id))
    return int(session.connection().execute(statement).scalar_one())


def remove(session: Session, keys: Sequence[str], person_id: PersonId, row_id: UUID) -> bool:
    """Delete one row of a person; False where they have no such row."""
    return _remove(session, sa.and_(_of(keys, person_id), _CHECK_IN.c.id == row_id)) == 1


def remove_all(session: Session, keys: Sequence[str], person_id: PersonId) -> int:
    """Delete every row of a person, also what cannot be read; return how many there were."""
    return _remove(session, _of(keys, person_id))


def _remove(session: Session, which: sa.ColumnElement[bool]) -> int:
    connection = session.connection()
    if dialect_of(session) == "sqlite":  # else the file keeps the bytes in free pages
        connection.exec_driver_sql("PRAGMA secure_delete = ON").close()
    return connection.execute(sa.delete(_CHECK_IN).where(which)).rowcount


def _of(keys: Sequence[str], person_id: PersonId) -> sa.ColumnElement[bool]:
    return _CHECK_IN.c.owner.in_([_owner(key, person_id) for key in keys])


def _owner(key: str, person_id: PersonId) -> str:
    return hmac.digest(_derived(key, b"owner"), person_id.bytes, "sha256").hex()


def _seal(key: str, owner: str, plain: bytes) -> str:
    """Return nonce and AES-256-GCM text in base64; the owner is bound to it."""
    nonce = os.urandom(_NONCE_BYTES)
    filled = plain.ljust(-(-len(plain) // _ROUND_BYTES) * _ROUND_BYTES)  # spaces end no JSON early
    sealed = AESGCM(_derived(key, b"seal")).encrypt(nonce, filled, owner.encode())
    return base64.b64encode(nonce + sealed).decode()


def _opened(key: str, owner: str, sealed: str) -> Mapping[str, Any] | None:
    try:
        raw = base64.b64decode(sealed, validate=True)
        nonce, rest = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
        document = orjson.loads(AESGCM(_derived(key, b"seal")).decrypt(nonce, rest, owner.encode()))
    except (binascii.Error, ValueError, InvalidTag):
        return None
    return document if isinstance(document, dict) else None


def _derived(key: str, purpose: bytes) -> bytes:
    """Return 32 bytes for one purpose, so that no key serves two."""
    return hmac.digest(key.encode(), b"labelhub check-in " + purpose, "sha256")
