"""How fast a whole release is, against a bare loop: python -m benchmarks.release.

What the bare loop does is said in `benchmarks.release_bare`; it is run twice, through SQLAlchemy
and through the driver alone. A release does all it always does, once (`labelhub release --once`).
All read the same database in turn; ratios are what counts: of processor time on SQLite, of elapsed
time on PostgreSQL, whose server is another process. Memory is that of a process of its own.
"""

import argparse
import json
import re
import secrets
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from benchmarks import databases
from benchmarks.release_bare import bare, through_sqlalchemy, through_the_driver
from labelhub.domain.items import Turn
from labelhub.domain.release.names import text_key
from labelhub.domain.release.spec import FileType, Format, ReleaseSpec
from labelhub.domain.release.splits import stored_mark
from labelhub.domain.vocabulary import Choice, RaterKind, SpeakerRole
from labelhub.identifiers import new_ordered_id
from labelhub.services import releases
from labelhub.services.releases import Wanted
from labelhub.store import migrations
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.worlds import Desk, HandClock, add_items, lay_desk

RATERS = 3
CHUNK = 5_000


def lay(database: Database, clock: HandClock, items: int) -> Desk:
    """Lay items with texts of about 1.5 kB a pair, and three ratings each."""
    desk = lay_desk(database, clock, labelers=1, items=[])
    ids = []
    for start in range(0, items, CHUNK):
        ids += add_items(database, desk, [0] * min(CHUNK, items - start), overlap=3, clock=clock)
    tables = metadata.tables
    raters = [uuid4() for _ in range(RATERS)]
    filler = "Lorem ipsum dolor sit amet, consectetur adipiscing elit. " * 12
    with database.writing() as session:
        connection = session.connection()
        connection.execute(
            sa.insert(tables["rater"]),
            [
                {"id": one, "organisation_id": desk.lab, "kind": RaterKind.IMPORTED,
                 "person_id": None, "name": f"imported:{place}"}
                for place, one in enumerate(raters)
            ],
        )  # fmt: skip
        for start in range(0, len(ids), CHUNK):
            page = ids[start : start + CHUNK]
            connection.execute(sa.insert(tables["rating"]), [
                {"id": new_ordered_id(), "organisation_id": desk.lab, "project_id": desk.project,
                 "item_id": item, "rater_id": rater, "version": 1, "status": "imported",
                 "current": True, "choice": Choice.FIRST if (n + r) % 4 else Choice.TIE,
                 "strength": 2 if (n + r) % 4 else 0, "harm": "", "rationale": "",
                 "swapped": False, "active_ms": 1_000, "guidelines_version": 1,
                 "instrument_version": 1, "rated_at": clock.now()}
                for n, item in enumerate(page) for r, rater in enumerate(raters)
            ])  # fmt: skip
            for item in page:
                prompt = (Turn(SpeakerRole.USER, f"Question {item}? {filler[:300]}"),)
                payload = json.dumps({
                    "prompt": [[turn.role, turn.content] for turn in prompt],
                    "completions": [
                        [["assistant", f"One {item} {filler[:600]}"]],
                        [["assistant", f"Two {item} {filler[:600]}"]],
                    ],
                })  # fmt: skip
                connection.execute(
                    sa.update(tables["content"])
                    .where(tables["content"].c.item_id == item)
                    .values(payload=payload)
                )
                connection.execute(
                    sa.update(tables["item"])
                    .where(tables["item"].c.id == item)
                    .values(
                        external_id=f"item-{item.hex[-12:]}",
                        pool_key=text_key(prompt),
                        prompt_mark=stored_mark(prompt),
                    )
                )
    return desk


def ours(
    database: Database, desk: Desk, out: Path, file_type: FileType, *, compare: bool = False
) -> int:
    spec = ReleaseSpec(
        "bench", Format.TRL_PREFERENCE, secrets.token_bytes(32), HandClock().now(), file_type
    )
    wanted = Wanted(desk.slug, spec, out, compare=compare)
    manifest = releases.build(database, (desk.lab,), wanted, None, HandClock().now())
    return sum(manifest.counts.written.values())


def peak_of_release(url: str, desk: Desk, out: Path, file_type: FileType) -> float:
    """Make a release and return the most memory, in MB, that this process ever had."""
    database = Database(url)
    ours(database, desk, out, file_type)
    database.dispose()
    held = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(held[1]) / 1024 if held else 0.0


def compare(database: Database, desk: Desk, folder: Path, file_type: FileType, rounds: int) -> None:
    now = time.process_time if database.is_sqlite else time.perf_counter
    ratios: dict[str, list[float]] = {"SQLAlchemy": [], "driver": []}
    for number in range(rounds):
        began = now()
        built = ours(database, desk, folder / f"{file_type}-{number}", file_type)
        release = now() - began
        for name, read in (("SQLAlchemy", through_sqlalchemy), ("driver", through_the_driver)):
            began = now()
            pairs = bare(
                database, desk.project, folder / f"{name}-{file_type}-{number}", file_type, read
            )
            ratios[name].append((now() - began) / release)
            if pairs != built:
                raise SystemExit(f"the two wrote {pairs} and {built} pairs")
        print(
            f"{file_type}: release {release / built * 1e6:.0f} µs a pair, ratios "
            + ", ".join(f"{name} {found[-1]:.2f}" for name, found in ratios.items())
        )
    for name, found in ratios.items():
        print(f"{file_type}: median ratio against a loop through {name} "
              f"{statistics.median(found):.2f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="labelhub-") as name,
        databases.place(asked.database) as place,
    ):
        folder = Path(name)
        url = place.url("release", folder)
        database = Database(url)
        migrations.upgrade(database)
        desk = lay(database, HandClock(), asked.items)
        databases.analyse(url)
        for file_type in (FileType.JSONL, FileType.PARQUET):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
                out = folder / f"apart-{file_type}"
                peak = apart.submit(peak_of_release, url, desk, out, file_type).result()
            print(f"{file_type}: peak memory {peak:.0f} MB")
            compare(database, desk, folder, file_type, asked.rounds)
        database.dispose()


if __name__ == "__main__":
    main()
