"""One event of the record: its canonical bytes, its commitment, its place in a chain (R5)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

FIRST_PREV = "0" * 64
"""What the first event of a chain points to."""

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Event:
    """What is hashed. The payload is present only through its commitment, so it can be erased."""

    organisation_id: UUID
    chain_id: UUID
    seq: int
    prev: str
    kind: str
    gate_time: datetime
    wall_time: datetime
    commitment: str

    def canonical(self) -> bytes:
        """Return the bytes that are hashed: fixed order, no floats, one field a line."""
        lines = (
            "labelhub-event-v1",
            str(self.organisation_id),
            str(self.chain_id),
            str(self.seq),
            self.prev,
            self.kind,
            _instant(self.gate_time),
            _instant(self.wall_time),
            self.commitment,
        )
        return "\n".join(lines).encode()

    def digest(self) -> str:
        """Return the leaf hash (RFC 9162): what the next event's `prev` must be."""
        return hashlib.sha256(b"\x00" + self.canonical()).hexdigest()


def commitment(salt: bytes, payload: bytes) -> str:
    """Bind a payload without telling it: without the salt nobody can try guesses."""
    return hashlib.sha256(b"\x02" + salt + payload).hexdigest()


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
