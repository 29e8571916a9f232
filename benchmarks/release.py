"""How fast a whole release is, against a bare loop: python -m benchmarks.release.

The bare loop is one cursor over items, texts and ratings in the order of items, a majority by
counting, and one line of JSON a pair; no pooling, pseudonyms, splits, random order, checks or card.
Both read through the same driver from the same SQLite file, in turn; ratios are what counts.
"""

import argparse
import hashlib
import json
import os
import resource
import secrets
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from labelhub.domain.items import Turn
from labelhub.domain.release.names import text_key
from labelhub.domain.release.spec import FileType, Format, ReleaseSpec
from labelhub.domain.release.splits import stored_mark
from labelhub.domain.vocabulary import Choice, RaterKind, SpeakerRole
from labelhub.exports.columns import arrow_schema, trainer_table
from labelhub.identifiers import new_ordered_id
from labelhub.services import releases
from labelhub.services.releases import Wanted
from labelhub.store import migrations
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.worlds import Desk, HandClock, add_items, lay_desk

RATERS = 3
CHUNK = 5_000
BARE_GROUP = 2_500  # where our row groups end with texts of this length (exports.writers)


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


def votes_of(item: Any, votes: list[Any]) -> dict[str, object] | None:
    """Return the row of one item, or None where no side has more than half of the votes."""
    count = Counter(row.choice for row in votes)
    winner, chosen = count.most_common(1)[0]
    if chosen * 2 <= len(votes) or winner not in {Choice.FIRST, Choice.SECOND}:
        return None
    won, lost = (0, 1) if winner == Choice.FIRST else (1, 0)
    rejected = count[Choice.SECOND if won == 0 else Choice.FIRST]
    payload, models = orjson.loads(item.payload), orjson.loads(item.models)
    sides = [
        [{"role": role, "content": text} for role, text in turns]
        for turns in payload["completions"]
    ]
    signed = sum(
        row.strength if row.choice == winner else -row.strength
        for row in votes
        if row.choice in {Choice.FIRST, Choice.SECOND}
    )
    return {
        "prompt": [{"role": role, "content": text} for role, text in payload["prompt"]],
        "chosen": sides[won],
        "rejected": sides[lost],
        "pair_id": item.external_id,
        "prompt_id": item.pool_key,
        "chosen_response_id": f"{item.external_id}/{won + 1}",
        "rejected_response_id": f"{item.external_id}/{lost + 1}",
        "chosen_model": models[won],
        "rejected_model": models[lost],
        "preference_strength": round(signed / len(votes), 3),
        "n_votes": len(votes),
        "n_chosen": chosen,
        "n_rejected": rejected,
        "n_tie": len(votes) - chosen - rejected,
        "agreement": round(chosen / len(votes), 3),
    }


def bare_rows(database: Database, desk: Desk) -> Iterator[dict[str, object]]:
    """Read items, texts and ratings with one cursor in the order of items, and count."""
    tables = metadata.tables
    item, content, rating = tables["item"], tables["content"], tables["rating"]
    rows = (
        sa.select(
            item.c.id, item.c.external_id, item.c.pool_key, item.c.models, content.c.payload,
            rating.c.choice, rating.c.strength,
        )
        .join(content, content.c.item_id == item.c.id)
        .join(rating, rating.c.item_id == item.c.id)
        .where(item.c.project_id == desk.project, rating.c.status != "withdrawn")
        .order_by(item.c.id)
    )  # fmt: skip
    with database.reading() as session:
        cursor = session.connection().execution_options(yield_per=1_000).execute(rows)
        for _, group in groupby(cursor, key=lambda row: row.id):
            votes = list(group)
            row = votes_of(votes[0], votes)
            if row is not None:
                yield row


def bare_jsonl(rows: Iterable[dict[str, object]], out: Path) -> int:
    """Write a line a row, and hash and sync the file, as every file of a release is."""
    written, hashed = 0, hashlib.sha256()
    with out.open("wb", buffering=1 << 20) as file:
        for row in rows:
            line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
            file.write(line)
            hashed.update(line)
            written += 1
        file.flush()
        os.fsync(file.fileno())
    return written


def bare_parquet(rows: Iterable[dict[str, object]], out: Path) -> int:
    """Write groups of as many rows as a release has, with the same schema; hash and sync."""
    written, schema = 0, arrow_schema(trainer_table(Format.TRL_PREFERENCE))
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        remaining = iter(rows)
        while group := list(islice(remaining, BARE_GROUP)):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            written += len(group)
    with out.open("rb") as file:
        hashlib.file_digest(file, "sha256")
        os.fsync(file.fileno())
    return written


def bare(database: Database, desk: Desk, out: Path, file_type: FileType) -> int:
    """Write the pairs with nothing but a cursor and a writer."""
    write = bare_jsonl if file_type is FileType.JSONL else bare_parquet
    return write(bare_rows(database, desk), out)


def ours(database: Database, desk: Desk, out: Path, file_type: FileType) -> int:
    spec = ReleaseSpec(
        "bench", Format.TRL_PREFERENCE, secrets.token_bytes(32), HandClock().now(), file_type
    )
    wanted = Wanted(desk.slug, spec, out, compare=False)
    manifest = releases.build(database, (desk.lab,), wanted, None, HandClock().now())
    return sum(manifest.counts.written.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    clock = HandClock()
    with tempfile.TemporaryDirectory(prefix="labelhub-") as place:
        folder = Path(place)
        database = Database(f"sqlite:///{folder / 'bench.db'}")
        migrations.upgrade(database)
        desk = lay(database, clock, asked.items)
        for file_type in (FileType.JSONL, FileType.PARQUET):
            ratios = []
            for number in range(asked.rounds):
                began = time.process_time()
                pairs = bare(database, desk, folder / f"bare-{file_type}-{number}", file_type)
                middle = time.process_time()
                built = ours(database, desk, folder / f"{file_type}-{number}", file_type)
                ended = time.process_time()
                if pairs != built:
                    raise SystemExit(f"the two wrote {pairs} and {built} pairs")
                ratios.append((middle - began) / (ended - middle))
                print(
                    f"{file_type}: bare {asked.items / (middle - began):,.0f} items/s, "
                    f"release {asked.items / (ended - middle):,.0f} items/s, "
                    f"ratio {ratios[-1]:.2f}"
                )
            print(f"{file_type}: median ratio {statistics.median(ratios):.2f}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory {peak:.0f} MB")
        database.dispose()


if __name__ == "__main__":
    main()
