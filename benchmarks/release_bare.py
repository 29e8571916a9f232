"""The bare loop that a release is measured against: one cursor and one writer.

The cursor joins items, texts and ratings in the order of items. The loop decodes the stored text,
counts the majority, and writes a row with the same columns as a release's; the file is hashed and
synced, as a release's is. It knows no pooling, pseudonyms, splits, random order, checks, manifest
or card. It reads in one of two ways: through SQLAlchemy as an ordinary program would, or through
the driver alone, which is as little as can be done.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.release.spec import FileType, Format
from labelhub.domain.vocabulary import Choice, ProjectId
from labelhub.exports.columns import arrow_schema, trainer_table
from labelhub.store.database import Database
from labelhub.tables import metadata

AT_ONCE = 1_000
GROUP = 2_500  # where our row groups end with texts of this length (exports.writers)

Row = dict[str, object]
Read = Callable[[Session, Any], Iterable[Sequence[Any]]]


def through_sqlalchemy(session: Session, statement: Any) -> Iterable[Sequence[Any]]:
    return session.connection().execution_options(yield_per=AT_ONCE).execute(statement)


def through_the_driver(session: Session, statement: Any) -> Iterable[Sequence[Any]]:
    """Ask the driver's own cursor; its rows hold what the database gave, unconverted."""
    connection = session.connection()
    literal = {"literal_binds": True}
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs=literal)
    cursor = connection.connection.cursor()
    cursor.arraysize = AT_ONCE
    cursor.execute(str(compiled))
    rows: Iterable[Sequence[Any]] = cursor
    return rows


def bare(database: Database, project: ProjectId, out: Path, file_type: FileType, read: Read) -> int:
    """Write the pairs of a project with nothing but a cursor and a writer; return how many."""
    write = bare_jsonl if file_type is FileType.JSONL else bare_parquet
    return write(bare_rows(database, project, read), out)


def bare_rows(database: Database, project: ProjectId, read: Read) -> Iterator[Row]:
    tables = metadata.tables
    item, content, rating = tables["item"], tables["content"], tables["rating"]
    statement = (
        sa.select(
            item.c.id, item.c.external_id, item.c.pool_key, item.c.models, content.c.payload,
            rating.c.choice, rating.c.strength,
        )
        .join(content, content.c.item_id == item.c.id)
        .join(rating, rating.c.item_id == item.c.id)
        .where(item.c.project_id == project, rating.c.status != "withdrawn")
        .order_by(item.c.id)
    )  # fmt: skip
    with database.reading() as session:
        for _, votes in groupby(read(session, statement), key=itemgetter(0)):
            row = majority(list(votes))
            if row is not None:
                yield row


def majority(votes: list[Sequence[Any]]) -> Row | None:
    """Return the row of one item, or None where no side has more than half of the votes."""
    _, name, prompt_id, models, payload, _, _ = votes[0]
    count = Counter([vote[5] for vote in votes])
    winner, chosen = count.most_common(1)[0]
    if chosen * 2 <= len(votes) or winner not in SIDES:
        return None
    won, lost = (0, 1) if winner == FIRST else (1, 0)
    rejected = count[SECOND if won == 0 else FIRST]
    said, (one, other) = orjson.loads(payload), orjson.loads(models)
    sides = [messages(turns) for turns in said["completions"]]
    signed = sum([vote[6] if vote[5] == winner else -vote[6] for vote in votes])
    return {
        "prompt": messages(said["prompt"]),
        "chosen": sides[won],
        "rejected": sides[lost],
        "pair_id": name,
        "prompt_id": prompt_id,
        "chosen_response_id": f"{name}/{won + 1}",
        "rejected_response_id": f"{name}/{lost + 1}",
        "chosen_model": other if won else one,
        "rejected_model": one if won else other,
        "preference_strength": round(signed / len(votes), 3),
        "n_votes": len(votes),
        "n_chosen": chosen,
        "n_rejected": rejected,
        "n_tie": len(votes) - chosen - rejected,
        "agreement": round(chosen / len(votes), 3),
    }


FIRST, SECOND = Choice.FIRST, Choice.SECOND
SIDES = frozenset({FIRST, SECOND})


def messages(turns: list[list[str]]) -> list[dict[str, str]]:
    return [{"role": role, "content": text} for role, text in turns]


def bare_jsonl(rows: Iterable[Row], out: Path) -> int:
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


def bare_parquet(rows: Iterable[Row], out: Path) -> int:
    """Write groups of as many rows as a release has, under the same schema."""
    written, remaining = 0, iter(rows)
    schema = arrow_schema(trainer_table(Format.TRL_PREFERENCE))
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        while group := list(islice(remaining, GROUP)):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            written += len(group)
    with out.open("rb") as file:
        hashlib.file_digest(file, "sha256")
        os.fsync(file.fileno())
    return written
