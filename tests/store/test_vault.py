"""The vault of check-ins: sealed, owned, and gone when deleted (P-4)."""

import base64
import os
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
import sqlalchemy as sa

from labelhub.domain.vocabulary import PersonId
from labelhub.store import vault
from labelhub.store.database import Database
from labelhub.tables import metadata

KEY = ("vault-Xq3-0ZkWm8vJ1rUy5sLd9PbNf2HgTcAeR7iOx4",)
OTHER_KEY = ("other-Zk8-1QwErTyUiOpAsDfGhJkLzXcVbNm2u4v6x",)
AMINA, BEN = PersonId(UUID(int=1)), PersonId(UUID(int=2))
ANSWER = {"at": "2026-03-02T12:00:00+00:00", "feeling": 3, "words": "heavy-morning-canary"}
_TABLE = metadata.tables["check_in"]


def add(
    database: Database,
    document: dict[str, Any] = ANSWER,
    keys: tuple[str, ...] = KEY,
    person: PersonId = AMINA,
) -> None:
    database.run(lambda session: vault.add(session, keys, person, document))


def opened(
    database: Database, keys: tuple[str, ...] = KEY, person: PersonId = AMINA
) -> list[vault.Opened]:
    with database.reading() as session:
        return vault.of_owner(session, keys, person)


def rows(database: Database) -> list[Any]:
    with database.reading() as session:
        return list(session.connection().execute(sa.select(_TABLE)).all())


def change(database: Database, **values: Any) -> None:
    with database.writing() as session:
        session.connection().execute(sa.update(_TABLE).values(**values))


def test_only_the_owner_finds_what_they_wrote(database: Database) -> None:
    add(database)

    assert [one.document for one in opened(database)] == [ANSWER]
    assert opened(database, person=BEN) == []
    assert opened(database, keys=OTHER_KEY) == []


def test_the_same_answer_is_sealed_differently_each_time(database: Database) -> None:
    for _ in range(3):
        add(database)

    assert len({row.sealed for row in rows(database)}) == 3
    assert len({base64.b64decode(row.sealed)[:12] for row in rows(database)}) == 3


def test_a_row_tells_neither_who_nor_what(database: Database) -> None:
    add(database)
    (row,) = rows(database)
    raw = base64.b64decode(row.sealed)
    stored = f"{row.id} {row.owner} {row.sealed}".lower()

    assert AMINA.hex not in stored.replace("-", "")
    assert not any(word in raw for word in (b"canary", b"feeling", b"2026"))
    assert "canary" not in stored


def test_a_rows_length_does_not_tell_what_it_says(database: Database) -> None:
    for feeling, words in ((0, ""), (10, ""), (5, "a few words " * 20)):
        add(database, {**ANSWER, "feeling": feeling, "words": words})

    assert len({len(row.sealed) for row in rows(database)}) == 1


@pytest.mark.parametrize("place", [0, 11, 12, 40, -1])
def test_a_row_that_was_changed_cannot_be_read_and_can_be_deleted(
    database: Database, place: int
) -> None:
    add(database)
    raw = bytearray(base64.b64decode(rows(database)[0].sealed))
    raw[place] ^= 1
    change(database, sealed=base64.b64encode(bytes(raw)).decode())

    assert [one.document for one in opened(database)] == [None]
    assert database.run(lambda session: vault.remove_all(session, KEY, AMINA)) == 1
    assert rows(database) == []


@pytest.mark.parametrize("sealed", ["", "A", "not base64 \u2603", "AAAA", "A" * 64])
def test_a_row_of_nonsense_cannot_be_read(database: Database, sealed: str) -> None:
    add(database)
    change(database, sealed=sealed)

    assert [one.document for one in opened(database)] == [None]


def test_a_row_moved_to_somebody_else_cannot_be_read(database: Database) -> None:
    add(database)
    add(database, person=BEN)
    (bens,) = (row.owner for row in rows(database) if row.owner != _owner_of_amina(database))
    change(database, owner=bens)

    assert sorted(one.document is None for one in opened(database, person=BEN)) == [False, True]
    assert opened(database) == []


def _owner_of_amina(database: Database) -> str:
    (own,) = opened(database)
    return str(next(row.owner for row in rows(database) if row.id == own.id))


def test_a_row_sealed_with_another_key_cannot_be_read(database: Database) -> None:
    add(database)
    add(database, keys=OTHER_KEY)
    owner = _owner_of_amina(database)
    change(database, owner=owner)

    assert sorted(one.document is None for one in opened(database)) == [False, True]


def test_what_is_sealed_is_json_or_cannot_be_read(database: Database) -> None:
    add(database)
    owner = _owner_of_amina(database)
    for plain in (b"[]", b"{", b"7"):
        change(database, sealed=vault._seal(KEY[0], owner, plain))
        assert [one.document for one in opened(database)] == [None]
    change(database, sealed=vault._seal(KEY[0], owner, orjson.dumps({})))
    assert [one.document for one in opened(database)] == [{}]


def test_older_keys_still_open_what_they_sealed(database: Database) -> None:
    add(database, keys=OTHER_KEY)
    both = (*KEY, *OTHER_KEY)
    add(database, keys=both)

    assert len(opened(database, keys=both)) == 2
    assert len(opened(database, keys=KEY)) == 1
    assert database.run(lambda session: vault.count(session, both, AMINA)) == 2
    assert database.run(lambda session: vault.remove_all(session, both, AMINA)) == 2


def test_one_is_deleted_by_its_owner_alone(database: Database) -> None:
    add(database)
    add(database)
    first, second = opened(database)

    def remove(person: PersonId, row_id: UUID) -> bool:
        return database.run(lambda session: vault.remove(session, KEY, person, row_id))

    assert not remove(BEN, first.id)
    assert not remove(AMINA, uuid4())
    assert len(rows(database)) == 2
    assert remove(AMINA, first.id)
    assert not remove(AMINA, first.id)
    assert [one.id for one in opened(database)] == [second.id]


def test_deleting_all_leaves_what_others_wrote(database: Database) -> None:
    for person in (AMINA, AMINA, BEN):
        add(database, person=person)

    assert database.run(lambda session: vault.remove_all(session, KEY, AMINA)) == 2
    assert opened(database) == []
    assert len(opened(database, person=BEN)) == 1


def test_what_was_deleted_is_not_left_in_the_file(sqlite_database: Database) -> None:
    """Not even sealed: SQLite would leave it in its free pages otherwise."""
    add(sqlite_database, {**ANSWER, "words": "x" * 2_000})
    sealed = rows(sqlite_database)[0].sealed.encode()[:200]
    assert sealed in _file(sqlite_database)

    sqlite_database.run(lambda session: vault.remove_all(session, KEY, AMINA))

    assert sealed not in _file(sqlite_database)


def _file(database: Database) -> bytes:
    """Return what the file holds once the log has gone into it."""
    with database.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()  # type: ignore[attr-defined]
    path = os.fspath(database.url.database or "")
    with open(path, "rb") as file:  # noqa: PTH123 the bytes as they lie
        return file.read()
