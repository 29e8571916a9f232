"""The record in a labeler's own hands: complete, recomputable, and what the gate enforces."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from labelhub.domain.vocabulary import OptOutScope
from labelhub.domain.welfare.windows import HOUR
from labelhub.store.database import Database
from tests.services.desk.room import furnish
from tests.services.my_record.records import (
    brought,
    carry,
    elsewhere,
    flipped,
    glance,
    read,
    signed,
    work,
    written,
)
from tests.worlds import HandClock, canary
from tools import recompute_record

MIXED = [0, 1, 2, 3, 4, 2, 1, 0, 3, 4] * 12


@pytest.mark.parametrize("seed", range(6))
def test_its_sums_are_those_that_the_gate_enforces(
    database: Database, clock: HandClock, tmp_path: Path, seed: int
) -> None:
    room = furnish(database, clock, items=MIXED, max_severity=4)
    room.consent(2, 3, 4)
    work(room, seed, steps=25)
    if seed % 2:  # half of them have also worked elsewhere
        ages = [(timedelta(hours=hours), 3, 60, 1_200) for hours in (0, 1, 23, 24, 30, 672)]
        carry(room, signed(elsewhere(room, *ages)), tmp_path)
        work(room, seed + 100, steps=15)
    data = written(room)
    record, state = read(data), glance(room).state

    enforced = {(dose.measure.value, dose.window // HOUR): dose.spent for dose in state.windows}
    assert enforced == {(w["measure"], w["hours"]): w["spent"] for w in record["windows"]}
    assert len(enforced) == 9
    rows = recompute_record.recomputed(data)
    assert [row for row in rows if row[1] != row[2]] == []
    assert sum(spent > 0 for spent in enforced.values()) >= 3  # chance did let them work


def test_the_script_stands_alone_and_finds_what_was_changed(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=MIXED, max_severity=4)
    room.consent(2, 3, 4)
    work(room, 1, steps=12)
    record = read(written(room))
    lighter = {**record, "exposures": [*record["exposures"][:-1]]}
    cheaper = {**record, "exposures": [dict(one) for one in record["exposures"]]}
    cheaper["exposures"][-1]["point_seconds"] += 60
    ends = {}
    for name, data in (
        ("good", written(room)), ("lighter", signed(lighter)), ("cheaper", signed(cheaper)),
        ("flipped", flipped(written(room), 40)), ("none", b"{}"), ("empty", b""),
    ):  # fmt: skip
        path = tmp_path / name
        path.write_bytes(data)
        command = [sys.executable, "-I", "-S", recompute_record.__file__, str(path)]
        ends[name] = subprocess.run(command, capture_output=True, check=False).returncode  # noqa: S603 ours
    assert ends == {
        "good": 0, "lighter": 1, "cheaper": 1, "flipped": ends["flipped"], "none": 2, "empty": 2,
    }  # fmt: skip
    assert ends["flipped"] in {1, 2}


def test_everything_is_in_it_but_the_text(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0, 2, 0, 1], max_severity=2, hazards=[["hte"]] * 4)
    room.consent(2)
    room.accepted(room.shown())
    clock.pass_(seconds=70)
    room.decline(OptOutScope.CATEGORY, category="prv")
    room.rest()
    clock.pass_(minutes=12)
    room.back()
    shown = room.shown()
    data = written(room)
    record = read(data)

    assert record["person"]["email"] == "l0@example.org"
    assert len(record["exposures"]) == 1
    assert record["exposures"][0]["project"] == "Pilot"
    assert record["on_screen"]["severity"] == shown.assignment.severity
    assert [one["scope"] for one in record["opt_outs"]] == ["category"]
    assert [one["severity"] for one in record["consents"]] == [2]
    assert [one["kind"] for one in record["breaks"]] == ["own"]
    assert {one["kind"] for one in record["paid_time"]} >= {"work", "break"}
    assert record["limits"][0]["set_by"]["dose_day"] == "installation"
    assert record["chains"][0]["events"] == len(room.events())
    assert record["chains"][0]["head"] == room.rows("chain", person_id=room.who())[0].head
    assert all(canary(item).encode() not in data for item in room.desk.items)


def test_a_new_labeler_has_a_record_too(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0], seasoned=False)
    record = read(written(room))
    assert record["exposures"] == []
    assert all(window["spent"] == 0 for window in record["windows"])
    assert recompute_record.window_rows(record)[0][1:] == (0, 0)


def test_any_changed_byte_shows(database: Database, clock: HandClock, tmp_path: Path) -> None:
    room = furnish(database, clock, items=[0, 1], max_severity=1)
    room.accepted(room.shown())
    data = written(room)
    assert brought(data, tmp_path).email == "l0@example.org"
    for place in range(0, len(data), 7):
        with pytest.raises(ValueError, match=r"changed|not_signed|not_a_record|schema|wrong"):
            brought(flipped(data, place), tmp_path)
