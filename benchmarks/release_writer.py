"""How fast a release is written, as a ratio to a bare loop of cursor and writer.

    python benchmarks/release_writer.py [--items 50000] [--format trl-preference] [--rounds 3]

Both read the same SQLite file (items with 1.5 kB of text, three votes each) and write the same
fields. The bare loop takes the items as they lie, adds the votes up, and knows no rule, order,
split, hash or card. LabelHub is measured twice: the writer alone, given a plan, and the whole,
plan included. Rounds are interleaved; the best of each counts.
"""

import argparse
import json
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from labelhub.domain.items import Completion, Turn
from labelhub.domain.release.facts import CardFacts
from labelhub.domain.release.plan import Planner, ReleasePlan
from labelhub.domain.release.rated import RatedItem
from labelhub.domain.release.spec import FileType, Format, ReleaseSpec
from labelhub.domain.release.splits import PromptMark, mark
from labelhub.domain.release.votes import Vote
from labelhub.domain.vocabulary import Choice, SpeakerRole
from labelhub.exports import write_release

KEY = b"a key for one benchmark, 32 byte"
FACTS = CardFacts(title="Benchmark", summary="Made-up text.", creator="LabelHub")
DAY = date(2026, 1, 30)
WANTED = 0.6
LIKELY = 0.8  # that a vote goes to the better side
SCHEMA = """
CREATE TABLE item (id INTEGER PRIMARY KEY, key TEXT, models TEXT,
                   prompt_id TEXT, same INTEGER, root INTEGER);
CREATE TABLE content (item_id INTEGER PRIMARY KEY, payload TEXT);
CREATE TABLE rating (id INTEGER PRIMARY KEY, item_id INTEGER, rater TEXT, choice TEXT,
                     strength INTEGER, swapped INTEGER, active_ms INTEGER);
CREATE INDEX ix_rating_item_id ON rating (item_id);
"""
JOIN = """
SELECT item.id, item.key, item.models, content.payload, rating.choice, rating.strength
FROM item JOIN content ON content.item_id = item.id JOIN rating ON rating.item_id = item.id
ORDER BY item.id
"""
TEXTS = """
SELECT item.key, item.models, content.payload FROM planned
CROSS JOIN item ON item.id = planned.item_id CROSS JOIN content ON content.item_id = item.id
ORDER BY planned.rowid
"""
VOTES = """
SELECT planned.rowid, rating.id, rating.rater, rating.choice, rating.strength, rating.swapped,
       rating.active_ms
FROM planned CROSS JOIN rating ON rating.item_id = planned.item_id
ORDER BY planned.rowid
"""
_ROLES = {role.value: role for role in SpeakerRole}
_CHOICES = {choice.value: choice for choice in Choice}


def fill(connection: sqlite3.Connection, items: int) -> None:
    """Make items of about 1.5 kB with three votes each; one seed, the same data each time."""
    rng = random.Random(20260201)
    words = [f"{rng.choice('bcdfglmnprst')}{rng.choice('aeiou')}{n}" for n in range(2000)]
    connection.executescript(SCHEMA)
    for n in range(items):
        asked, one, other = (" ".join(rng.choices(words, k=k)) for k in _lengths(rng))
        payload = {
            "prompt": [["user", f"{n} {asked}"]],
            "completions": [[["assistant", one]], [["assistant", other]]],
        }
        marked = mark((Turn(SpeakerRole.USER, f"{n} {asked}"),))
        connection.execute(
            "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?)",
            (n, f"item-{n}", '["m-a", "m-b"]', *marked),
        )
        connection.execute("INSERT INTO content VALUES (?, ?)", (n, json.dumps(payload)))
        better = rng.choice(("first", "second"))
        for rater in rng.sample(range(40), 3):
            choice = better if rng.random() < LIKELY else rng.choice(("first", "second", "tie"))
            strength = 0 if choice == "tie" else rng.randint(1, 3)
            row = (n, f"rater-{rater}", choice, strength, rng.randint(0, 1), rng.randint(5, 90_000))
            connection.execute(
                "INSERT INTO rating (item_id, rater, choice, strength, swapped, active_ms) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
    connection.commit()


def _lengths(rng: random.Random) -> tuple[int, int, int]:
    return rng.randint(20, 100), rng.randint(40, 140), rng.randint(40, 140)


def bare_rows(connection: sqlite3.Connection) -> Iterator[dict[str, object]]:
    for number, votes in groupby(connection.execute(JOIN), itemgetter(0)):
        signed, cast, row = 0, 0, ()
        for row in votes:
            cast += 1
            signed += row[5] if row[4] == "first" else -row[5]
        if not signed:
            continue
        payload, models = orjson.loads(row[3]), orjson.loads(row[2])
        win = 0 if signed > 0 else 1
        said = [[{"role": r, "content": t} for r, t in side] for side in payload["completions"]]
        yield {
            "prompt": [{"role": r, "content": t} for r, t in payload["prompt"]],
            "chosen": said[win],
            "rejected": said[1 - win],
            "pair_id": row[1],
            "prompt_id": str(number),
            "chosen_response_id": f"{row[1]}/{win + 1}",
            "rejected_response_id": f"{row[1]}/{2 - win}",
            "chosen_model": models[win],
            "rejected_model": models[1 - win],
            "preference_strength": abs(signed) / cast,
            "n_votes": cast,
        }


def bare_jsonl(connection: sqlite3.Connection, folder: Path) -> None:
    with (folder / "bare.jsonl").open("wb", buffering=1 << 20) as file:
        for row in bare_rows(connection):
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def bare_parquet(connection: sqlite3.Connection, folder: Path) -> None:
    writer, rows = None, []
    for row in bare_rows(connection):
        rows.append(row)
        if len(rows) == 10_000:  # noqa: PLR2004 the row group of export-formats.md, section 10
            table = pa.Table.from_pylist(rows, schema=writer.schema if writer else None)
            writer = writer or pq.ParquetWriter(
                folder / "bare.parquet", table.schema, compression="zstd"
            )
            writer.write_table(table)
            rows = []
    if rows:
        table = pa.Table.from_pylist(rows, schema=writer.schema if writer else None)
        writer = writer or pq.ParquetWriter(
            folder / "bare.parquet", table.schema, compression="zstd"
        )
        writer.write_table(table)
    if writer:
        writer.close()


def turns(pairs: list[list[str]]) -> tuple[Turn, ...]:
    return tuple([Turn(_ROLES[role], text) for role, text in pairs])


def plan(connection: sqlite3.Connection, spec: ReleaseSpec) -> ReleasePlan[int]:
    """Plan by the marks that were stored at import."""
    planner: Planner[int] = Planner(spec)
    for number, *stored in connection.execute("SELECT id, prompt_id, same, root FROM item"):
        planner.add_marked(number, PromptMark(*stored))
    return planner.plan({})


def items(connection: sqlite3.Connection, planned: ReleasePlan[int]) -> Iterator[RatedItem]:
    """Read the items in the plan's order, by two queries side by side over a table of it."""
    connection.executescript(
        "DROP TABLE IF EXISTS temp.planned; CREATE TEMP TABLE planned (item_id INTEGER)"
    )
    connection.executemany("INSERT INTO planned VALUES (?)", ((item.item_id,) for item in planned))
    texts = connection.execute(TEXTS)
    # Every item of this benchmark has votes; a service has to look at the number.
    votes = groupby(connection.execute(VOTES), itemgetter(0))
    for item, (key, models, payload), (_, rows) in zip(planned, texts, votes, strict=True):
        content = orjson.loads(payload)
        first, second = content["completions"]
        one, other = orjson.loads(models)
        yield RatedItem(
            key,
            item.prompt_key,
            item.split,
            turns(content["prompt"]),
            (Completion(turns(first), one), Completion(turns(second), other)),
            tuple([cast(row) for row in rows]),
            place=item.place,
        )


def cast(row: tuple[int, int, str, str, int, int, int]) -> Vote:
    _, rating, rater, choice, strength, swapped, active = row
    return Vote(
        str(rating),
        rater,
        DAY,
        _CHOICES[choice],
        strength,
        imported=True,
        first_on_left=not swapped,
        seconds_active=active / 1000,
    )


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--format", type=Format, default=Format.TRL_PREFERENCE)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    worst = 1.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        connection = sqlite3.connect(folder / "items.db")
        fill(connection, asked.items)
        for file_type in FileType:
            worst = min(worst, compare(connection, folder, file_type, asked))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process, both loops and the test data's making: {peak:.0f} MB")
    return 0 if worst >= WANTED else 1


def compare(
    connection: sqlite3.Connection, folder: Path, file_type: FileType, asked: argparse.Namespace
) -> float:
    moment = datetime(2026, 2, 1, tzinfo=UTC)
    spec = ReleaseSpec("benchmark", asked.format, KEY, moment, file_type)
    bare = bare_jsonl if file_type is FileType.JSONL else bare_parquet
    planned = plan(connection, spec)
    best = {"bare": 1e9, "plan": 1e9, "writer": 1e9}
    for n in range(asked.rounds):
        target = folder / f"{file_type}-{n}"

        def write(target: Path = target) -> None:
            write_release(target, spec, items(connection, planned), FACTS, planned.split_plan)

        best["bare"] = min(best["bare"], seconds(lambda: bare(connection, folder)))
        best["plan"] = min(best["plan"], seconds(lambda: plan(connection, spec)))
        best["writer"] = min(best["writer"], seconds(write))
    whole = best["plan"] + best["writer"]
    for label, taken in (("bare loop", best["bare"]), ("writer", best["writer"]), ("whole", whole)):
        rate, ratio = asked.items / taken, best["bare"] / taken
        print(f"{file_type:8} {label:10} {rate:10,.0f} items/s   ratio {ratio:.2f}")
    return best["bare"] / whole


if __name__ == "__main__":
    sys.exit(main())
