"""A labeler's record in a test: made from a room's desk, read back, changed, signed again."""

import base64
import io
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from labelhub.domain.record.carried import SCHEMA
from labelhub.exports.sealed import Sealed, public_key
from labelhub.layouts import own_record
from labelhub.services.my_record import carrying, document
from labelhub.services.showing import Offered, Shown
from labelhub.store import labelers
from labelhub.store.labelers import Locked
from tests.services.desk.room import Room


def a_key(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([number] * 32))


KEY, OTHER_KEY = a_key(200), a_key(201)
LISTS = (
    "limits", "limit_history", "consents", "opt_outs", "declarations", "engagements",
    "decisions", "looks", "chains", "breaks", "paid_time", "carried_records", "carried",
    "exposures",
)  # fmt: skip


def written(room: Room, key: Ed25519PrivateKey = KEY, place: int = 0) -> bytes:
    """Return the file of a labeler's record."""
    file = io.BytesIO()
    with room.database.reading(snapshot=True) as session:
        document.write(session, room.who(place), key, file, room.clock)
    return file.getvalue()


def read(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(data)
    return found


def signed(record: dict[str, Any], key: Ed25519PrivateKey = KEY) -> bytes:
    """Write a record's members as an installation does, whatever they say."""
    file = io.BytesIO()
    sealed = Sealed(file, record.get("schema", SCHEMA))
    for name, value in record.items():
        if name in LISTS:
            sealed.entries(name, value)
        elif name not in {"schema", "signature"}:
            sealed.member(name, value)
    sealed.seal(key)
    return file.getvalue()


def brought(data: bytes, folder: Path) -> own_record.OwnRecord:
    path = folder / "record.json"
    path.write_bytes(data)
    return own_record.open_record(path)


def carry(room: Room, data: bytes, folder: Path, place: int = 0) -> carrying.Outcome:
    """Bring a record to a labeler here; this installation's own key is another one."""
    found = brought(data, folder)
    own = public_key(OTHER_KEY)
    return room.run(lambda s: carrying.carry(s, room.who(place), found, own, room.clock))


def elsewhere(room: Room, *ages: tuple[timedelta, int, int, int], place: int = 0) -> dict[str, Any]:
    """Return a record of another installation: exposures by age, severity, seconds and points.

    Its gate clock runs a year behind its wall clock, which must make no difference.
    """
    wall = room.clock.now()
    gate = wall - timedelta(days=365)
    return {
        "schema": SCHEMA,
        "issued": {
            "gate_time": text(gate), "wall_time": text(wall), "time_verified": True,
            "public_key": public_key(KEY),
        },
        "person": {"id": "0" * 32, "email": f"l{place}@example.org", "name": "L"},
        "carried": [],
        "exposures": [
            {
                "number": number, "project": "Elsewhere", "shown": text(gate - age),
                "hidden": text(gate - age), "screened": severity, "severity": severity,
                "seconds": seconds, "point_seconds": points,
            }
            for number, (age, severity, seconds, points) in enumerate(ages, start=1)
        ],
    }  # fmt: skip


def text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def glance(room: Room, place: int = 0) -> Locked:
    """Return the labeler as the gate sees them."""
    with room.database.reading() as session:
        found = labelers.glance(session, room.who(place), room.desk.slug, room.clock)
    assert found is not None
    return found


def work(room: Room, seed: int, steps: int) -> None:
    """Let the labeler work as chance has it: hours of it, with breaks, nights and weekends."""
    chance = random.Random(seed)  # noqa: S311 repeatable
    for _ in range(steps):
        served = room.next()
        if isinstance(served, Offered):
            served = room.reveal(served.assignment.id)
        if isinstance(served, Shown):
            room.clock.pass_(seconds=chance.choice((1, 20, 59.5, 61, 90.25, 200)))
            if chance.random() < 0.7:
                room.accepted(served)
            else:
                room.decline(shown=served)
        else:
            room.clock.pass_(minutes=chance.choice((5, 16, 31, 700, 2_200)))
        room.clock.pass_(seconds=chance.choice((0, 0, 3, 400, 2_000)))


def flipped(data: bytes, place: int) -> bytes:
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()
