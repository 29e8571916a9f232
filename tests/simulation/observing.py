"""What an onlooker beside the hosts sees after each commit: the events, and gate time.

The order of commits is known here and nowhere else. It imports nothing of LabelHub.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

_NOW = (
    "SELECT NULL AS id, 0 AS seq, gate_time, NULL AS person_id FROM gate_clock"
    " UNION ALL SELECT id, seq, NULL, person_id FROM chain ORDER BY 2"
)
_NEW = (
    "SELECT e.kind, e.gate_time, p.payload FROM event e"
    " JOIN event_payload p ON p.chain_id = e.chain_id AND p.seq = e.seq"
    " WHERE e.chain_id = '{chain}' AND e.seq > {known} ORDER BY e.seq"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as it appeared: in which order, and when its host looked at the clock."""

    order: int
    chain: UUID
    person: UUID | None
    kind: str
    at: datetime  # gate time
    first_s: float  # the true times between which its transaction read the clock
    last_s: float
    said: Mapping[str, Any]

    @property
    def told(self) -> str:
        """Return what is the same each time the same history runs."""
        return f"{self.order} {self.person} {self.kind} {self.at.isoformat()}"


@dataclass(slots=True)
class Onlooker:
    """Looks after each commit. A connection of its own, which changes nothing."""

    connection: sa.Connection
    began: datetime | None = None
    last: datetime | None = None
    moved_s: float = 0.0
    commits: int = 0
    events: list[Seen] = field(default_factory=list)
    ahead_s: float = 0.0  # how far gate time ever was ahead of true time
    exposed: dict[tuple[UUID, UUID], int] = field(default_factory=dict)
    _tips: dict[UUID, int] = field(default_factory=dict)

    def look(self, true_s: float, first_s: float, last_s: float) -> None:
        """See what has just been committed; the clock was read for it between the two times."""
        self.commits += 1
        chains = self._asked(_NOW)
        gate = moment(chains.pop(0)[2])
        self.began = self.began or gate
        if gate != self.last:
            self.last, self.moved_s = gate, true_s
        self.ahead_s = max(self.ahead_s, (gate - self.began).total_seconds() - true_s)
        for chain, seq, _gate, person in chains:
            known = self._tips.get(uuid(chain), 0)
            if seq > known:
                self._tips[uuid(chain)] = seq
                self._take(chain, person, known, (first_s, last_s))

    def ticking(self) -> str:
        """Return the boot of the machine that keeps the time."""
        return str(self._asked("SELECT boot_id FROM gate_clock")[0][0])

    def silent_s(self, true_s: float) -> float:
        """Return for how long gate time has not been moved."""
        return true_s - self.moved_s

    def gate_time(self) -> datetime:
        return moment(self._asked("SELECT gate_time FROM gate_clock")[0][0])

    def _take(self, chain: Any, person: Any, known: int, read: tuple[float, float]) -> None:
        for kind, at, payload in self._asked(_NEW.format(chain=chain, known=known)):
            seen = Seen(
                self.commits, uuid(chain), None if person is None else uuid(person), kind,
                moment(at), *read, orjson.loads(payload),
            )  # fmt: skip
            self.events.append(seen)
            if kind == "exposure" and seen.person is not None:
                self.exposed[seen.person, UUID(seen.said["item"])] = self.commits

    def _asked(self, statement: str) -> list[Any]:
        """Ask the driver itself: there are many looks in a history."""
        opened: Any = self.connection.connection.dbapi_connection
        cursor = opened.cursor()
        rows: list[Any] = cursor.execute(statement).fetchall()
        cursor.close()
        return rows


def uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def moment(value: Any) -> datetime:
    read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
