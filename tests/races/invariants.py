"""What must hold of a database at rest, asked in plain SQL (safety-case.md: W-1, D-2, D-3, T-3).

It imports nothing of LabelHub: event bytes, windows and counts are worked out here again.
"""

import hashlib
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

FIRST_PREV = "0" * 64
WEIGHTS = (0, 1, 6, 20, 60)
"""Points a minute, S0 to S4 (working-standards.md, L-01)."""


def broken(connection: sa.Connection) -> list[str]:
    """Return one sentence for each invariant that does not hold; none when all do."""
    return [
        *_counts(connection),
        *_rated_twice(connection),
        *_charges(connection),
        *_exposures(connection),
        *_paid(connection),
        *_chains(connection),
        *_one_event_each(connection),
    ]


def _counts(connection: sa.Connection) -> list[str]:
    """Check D-3: accepted + open + remaining = overlap, and the counts are the rows' own."""
    opened = Counter(
        _uuid(row.item_id)
        for row in _rows(connection, "SELECT item_id FROM assignment WHERE closed_at IS NULL")
    )
    accepted = Counter(
        _uuid(row.item_id)
        for row in _rows(connection, "SELECT item_id FROM rating WHERE status = 'accepted'")
    )
    completed = Counter(
        _uuid(row.item_id)
        for row in _rows(connection, "SELECT item_id FROM assignment WHERE outcome = 'completed'")
    )
    wrong = []
    for row in _rows(
        connection,
        "SELECT id, overlap, open_count, accepted_count, taken_count, state FROM item",
    ):
        item = _uuid(row.id)
        told = (row.open_count, row.accepted_count, row.taken_count)
        real = (opened[item], accepted[item], opened[item] + accepted[item])
        if told != real:
            wrong.append(f"item {item} says {told} open, accepted, taken; there are {real}")
        if completed[item] != accepted[item]:
            wrong.append(f"item {item}: {completed[item]} completed, {accepted[item]} accepted")
        if not 0 <= row.taken_count <= row.overlap:
            wrong.append(f"item {item} is taken {row.taken_count} of {row.overlap} times")
    return wrong


def _rated_twice(connection: sa.Connection) -> list[str]:
    pairs = Counter(
        (_uuid(row.rater_id), _uuid(row.item_id))
        for row in _rows(
            connection, "SELECT rater_id, item_id FROM rating WHERE status = 'accepted'"
        )
    )
    once = Counter(
        _uuid(row.assignment_id)
        for row in _rows(
            connection,
            "SELECT assignment_id FROM rating WHERE status IN ('accepted', 'late')",
        )
    )
    return [
        f"{who} rated {item} {times} times" for (who, item), times in pairs.items() if times > 1
    ] + [f"assignment {one} has {times} answers" for one, times in once.items() if times > 1]


def _charges(connection: sa.Connection) -> list[str]:
    """Check that running sums are the sums, and that charges are weight by time."""
    wrong = []
    sums: dict[UUID, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    last: dict[UUID, datetime] = {}
    for row in _rows(connection, "SELECT * FROM charge ORDER BY person_id, seq"):
        person = _uuid(row.person_id)
        mine = sums[person]
        mine[0] += 1
        mine[1] += row.charge_ps
        mine[2] += row.active_s
        mine[3] += row.severity == 4
        told = [row.seq, row.cumulative_ps, row.cumulative_active_s, row.cumulative_s4]
        if told != mine:
            wrong.append(f"charge {row.seq} of {person} says {told}, summed {mine}")
        if row.charge_ps != WEIGHTS[row.severity] * max(60, row.active_s):
            wrong.append(f"charge {row.seq} of {person} is {row.charge_ps} ps")
        if _time(row.hidden_at) < last.get(person, _time(row.hidden_at)):
            wrong.append(f"charge {row.seq} of {person} lies before the one before it")
        last[person] = _time(row.hidden_at)
    return wrong


def _exposures(connection: sa.Connection) -> list[str]:
    """Check that a person's exposures do not overlap, and that only the last may be uncharged."""
    hidden = {
        _uuid(row.exposure_id): _time(row.hidden_at)
        for row in _rows(connection, "SELECT exposure_id, hidden_at FROM charge")
    }
    wrong = []
    before: dict[UUID, tuple[datetime, UUID]] = {}
    for row in _rows(
        connection, "SELECT id, person_id, shown_at, granted_s FROM exposure ORDER BY shown_at, id"
    ):
        person, exposure, shown = _uuid(row.person_id), _uuid(row.id), _time(row.shown_at)
        end = hidden.get(exposure)
        if end is not None and not shown <= end <= shown + timedelta(seconds=row.granted_s):
            wrong.append(f"exposure {exposure} was hidden outside its granted time")
        if person in before:
            ended = hidden.get(before[person][1])
            if ended is None or ended > shown:
                wrong.append(f"exposure {exposure} began before the one before it had ended")
        before[person] = (shown, exposure)
    return wrong


def _paid(connection: sa.Connection) -> list[str]:
    """Check that a closed assignment is paid for its charged time, once."""
    worked: Counter[UUID] = Counter()
    for row in _rows(
        connection,
        "SELECT e.assignment_id AS assignment_id, c.active_s AS active_s"
        " FROM exposure e JOIN charge c ON c.exposure_id = e.id",
    ):
        worked[_uuid(row.assignment_id)] += row.active_s
    paid: Counter[UUID] = Counter()
    for row in _rows(
        connection,
        "SELECT assignment_id, seconds FROM paid_time"
        " WHERE assignment_id IS NOT NULL AND kind <> 'answering'",
    ):
        paid[_uuid(row.assignment_id)] += row.seconds
    return [
        f"assignment {one} took {worked[one]} s and is paid {paid[one]} s"
        for row in _rows(connection, "SELECT id FROM assignment WHERE closed_at IS NOT NULL")
        if (one := _uuid(row.id)) in worked and worked[one] != paid[one]
    ]


def _chains(connection: sa.Connection) -> list[str]:
    """Check every chain: dense, linked by hashes, its payloads committed to, its end on record."""
    events: dict[UUID, list[Any]] = defaultdict(list)
    for row in _rows(connection, "SELECT * FROM event ORDER BY chain_id, seq"):
        events[_uuid(row.chain_id)].append(row)
    payloads = {
        (_uuid(row.chain_id), row.seq): (row.salt, row.payload)
        for row in _rows(connection, "SELECT * FROM event_payload")
    }
    wrong = []
    for chain in _rows(connection, "SELECT * FROM chain"):
        one, previous = _uuid(chain.id), FIRST_PREV
        mine = events.pop(one, [])
        if [event.seq for event in mine] != list(range(1, chain.seq + 1)):
            wrong.append(f"chain {one} is not dense up to {chain.seq}")
        for event in mine:
            if event.prev != previous:
                wrong.append(f"chain {one} is broken at {event.seq}")
            salt, payload = payloads.pop((one, event.seq), ("", ""))
            bound = hashlib.sha256(b"\x02" + bytes.fromhex(salt) + payload.encode()).hexdigest()
            if bound != event.commitment:
                wrong.append(f"the payload of {one}, {event.seq} is not what was committed to")
            previous = _leaf(_uuid(chain.organisation_id), one, event)
        if previous != chain.head:
            wrong.append(f"chain {one} does not end at its head")
    return (
        wrong
        + [f"events without a chain: {one}" for one in events]
        + [f"a payload without an event: {one}" for one in payloads]
    )


def _leaf(organisation: UUID, chain: UUID, event: Any) -> str:
    lines = (
        "labelhub-event-v1", str(organisation), str(chain), str(event.seq), event.prev, event.kind,
        _time(event.gate_time).isoformat(timespec="microseconds"),
        _time(event.wall_time).isoformat(timespec="microseconds"), event.commitment,
    )  # fmt: skip
    return hashlib.sha256(b"\x00" + "\n".join(lines).encode()).hexdigest()


def _one_event_each(connection: sa.Connection) -> list[str]:
    """Check T-1 for what the desk does: as many events as exposures, answers and undos."""
    kinds = Counter(row.kind for row in _rows(connection, "SELECT kind FROM event"))
    counted = {
        "exposure": "SELECT count(*) FROM exposure",
        "rating": "SELECT count(*) FROM rating WHERE status <> 'imported'",
        "rating_undone": "SELECT count(*) FROM rating WHERE status = 'withdrawn'",
    }
    return [
        f"{kinds[kind]} events of kind {kind} for {number} of them"
        for kind, statement in counted.items()
        if (number := connection.execute(sa.text(statement)).scalar_one()) != kinds[kind]
    ]


def _rows(connection: sa.Connection, statement: str) -> list[Any]:
    return list(connection.execute(sa.text(statement)).all())


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _time(value: Any) -> datetime:
    read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
