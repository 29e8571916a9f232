"""The bare reference: a labeling loop of the same shape and durability, with no rules at all.

    python benchmarks/reference.py --database URL --port N [--workers N] [--driver]

Flask and SQLAlchemy's plain statements, the same driver, durability and server settings as
LabelHub, two commits a label (the rating, then the next item), the labeler looked up by cookie, the
item drawn from a template. Nothing of LabelHub's own path is used, so that the yardstick stays the
same when that changes. `--driver` leaves out SQLAlchemy too: for scale, what the driver can do.
"""

import argparse
import fcntl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask, abort, request

from labelhub.cli.server import Server, options
from labelhub.clock import utc_now
from labelhub.store.database import normalised, sqlite_module

SCHEMA = """
CREATE TABLE labeler (id VARCHAR(32) PRIMARY KEY, token VARCHAR(64) UNIQUE);
CREATE TABLE item (id INTEGER PRIMARY KEY, prompt TEXT, first TEXT, second TEXT,
  taken INTEGER, done INTEGER, overlap INTEGER);
CREATE INDEX item_queue ON item (taken, id) WHERE taken < overlap;
CREATE TABLE assignment (id VARCHAR(32) PRIMARY KEY, item INTEGER REFERENCES item (id),
  labeler VARCHAR(32) REFERENCES labeler (id), opened VARCHAR(40), closed VARCHAR(40));
CREATE INDEX assignment_labeler ON assignment (labeler, item);
CREATE TABLE rating (id VARCHAR(32) PRIMARY KEY, choice VARCHAR(20), rated VARCHAR(40),
  assignment VARCHAR(32) UNIQUE REFERENCES assignment (id))
"""
WHO = "SELECT id FROM labeler WHERE token = :token"
WAITING = """SELECT id, prompt, first, second FROM item WHERE taken < overlap AND NOT EXISTS
  (SELECT 1 FROM assignment WHERE assignment.item = item.id AND labeler = :labeler)
  ORDER BY taken, id LIMIT 1"""
TAKE = "UPDATE item SET taken = taken + 1 WHERE id = :item"
OPEN = "INSERT INTO assignment (id, item, labeler, opened) VALUES (:id, :item, :labeler, :at)"
CLOSE = """UPDATE assignment SET closed = :at
  WHERE id = :id AND labeler = :labeler AND closed IS NULL RETURNING item"""
RATE = "INSERT INTO rating (id, choice, rated, assignment) VALUES (:id, :choice, :at, :assignment)"
DONE = "UPDATE item SET done = done + 1 WHERE id = :item"
PAGE = """<section id="item"><h2>Prompt</h2><div>{{ item[1]|safe }}</div>
<article><h3>First</h3>{{ item[2]|safe }}</article>
<article><h3>Second</h3>{{ item[3]|safe }}</article>
<form method="post" action="/desk/pilot/submit">
<input type="hidden" name="assignment" value="{{ assignment }}">
<input type="hidden" name="key" value="{{ assignment }}">
{% for value in ("-3", "-2", "-1", "tie", "1", "2", "3", "both_bad") %}
<label><input type="radio" name="preference" value="{{ value }}" required>{{ value }}</label>
{% endfor %}<button type="submit">Save</button></form></section>"""

Ask = Callable[..., Any]


class Store(Protocol):
    def reading(self) -> Any: ...
    def writing(self) -> Any: ...


class Turns:
    """On SQLite the writers of all processes queue, as LabelHub's do, instead of polling."""

    def __init__(self, engine: sa.Engine) -> None:
        self._database = engine.url.database if engine.dialect.name == "sqlite" else None
        self._threads = threading.Lock()
        self._file: Any = None

    def __enter__(self) -> None:
        if self._database is not None:
            self._threads.acquire()
            self._file = self._file or Path(f"{self._database}.turns").open("w")
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        if self._database is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
            self._threads.release()


class Stack:
    """SQLAlchemy's engine and pool, as they are usually used."""

    def __init__(self, engine: sa.Engine, turns: Turns) -> None:
        self._engine = engine
        self._turns = turns
        self._texts: dict[str, sa.TextClause] = {}

    @contextmanager
    def reading(self) -> Iterator[Ask]:
        with self._engine.connect() as connection:
            yield self._ask(connection)

    @contextmanager
    def writing(self) -> Iterator[Ask]:
        with self._turns, self._engine.begin() as connection:
            yield self._ask(connection)

    def _ask(self, connection: sa.Connection) -> Ask:
        def ask(text: str, **values: Any) -> Any:
            prepared = self._texts.setdefault(text, sa.text(text))
            return connection.execute(prepared, values)

        return ask


class Driver:
    """One driver connection a thread, and nothing around it."""

    def __init__(self, engine: sa.Engine, turns: Turns) -> None:
        self._engine = engine
        self._turns = turns
        self._lite = engine.dialect.name == "sqlite"
        self._own = threading.local()

    @contextmanager
    def reading(self) -> Iterator[Ask]:
        yield self._ask

    @contextmanager
    def writing(self) -> Iterator[Ask]:
        with self._turns:
            if self._lite:
                self._connection().execute("BEGIN IMMEDIATE")
            yield self._ask
            self._connection().commit()

    def _ask(self, text: str, **values: Any) -> Any:
        if not self._lite:
            for name in values:
                text = text.replace(f":{name}", f"%({name})s")
        return self._connection().execute(text, values)

    def _connection(self) -> Any:
        if not hasattr(self._own, "pooled"):
            self._own.pooled = self._engine.raw_connection()
        return self._own.pooled.driver_connection


def make_engine(url: str) -> sa.Engine:
    """Return an engine as durable as LabelHub's."""
    if not url.startswith("sqlite"):
        given = {"options": "-c synchronous_commit=on -c random_page_cost=1.1"}
        return sa.create_engine(normalised(url), pool_size=20, connect_args=given)
    engine = sa.create_engine(url, module=sqlite_module(), pool_size=20)

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def make_app(url: str, *, driver: bool = False) -> Flask:
    app, engine = Flask(__name__), make_engine(url)
    turns = Turns(engine)
    store: Store = Driver(engine, turns) if driver else Stack(engine, turns)
    lite = engine.dialect.name == "sqlite"
    waiting = WAITING + ("" if lite else " FOR UPDATE SKIP LOCKED")
    page = app.jinja_env.from_string(PAGE)

    def next_item(labeler: str) -> str:
        with store.writing() as ask:
            item = ask(waiting, labeler=labeler).fetchone()
            if item is None:
                return "<p>Nothing left.</p>"
            assignment = uuid4().hex
            ask(TAKE, item=item[0])
            ask(OPEN, id=assignment, item=item[0], labeler=labeler, at=utc_now().isoformat())
        return page.render(item=item, assignment=assignment)

    def who() -> str:
        with store.reading() as ask:
            row = ask(WHO, token=request.cookies.get("labelhub", "")).fetchone()
        return row[0] if row else abort(403)

    @app.post("/desk/pilot/next")
    def first() -> str:
        return next_item(who())

    @app.post("/desk/pilot/submit")
    def submit() -> str:
        labeler, form, now = who(), request.form, utc_now().isoformat()
        with store.writing() as ask:
            closed = ask(CLOSE, at=now, id=form["assignment"], labeler=labeler).fetchone()
            if closed is None:
                abort(404)
            ask(RATE, id=uuid4().hex, choice=form["preference"], at=now,
                assignment=form["assignment"])  # fmt: skip
            ask(DONE, item=closed[0])
        return next_item(labeler)

    return app


def lay(url: str, tokens: Iterable[str], items: Iterable[tuple[int, str, str, str]]) -> None:
    """Make the tables and fill them."""
    engine = make_engine(url)
    columns = ("id", "prompt", "first", "second")
    rows = [dict(zip(columns, item, strict=True)) for item in items]
    with engine.begin() as connection:
        for statement in SCHEMA.split(";"):
            connection.execute(sa.text(statement))
        people = [{"id": uuid4().hex, "token": token} for token in tokens]
        connection.execute(sa.text("INSERT INTO labeler VALUES (:id, :token)"), people)
        values = "(:id, :prompt, :first, :second, 0, 0, 3)"
        connection.execute(sa.text(f"INSERT INTO item VALUES {values}"), rows)  # noqa: S608 ours
        if engine.dialect.name != "sqlite":  # it does so by itself in time; SQLite does not
            connection.execute(sa.text("ANALYZE"))
    engine.dispose()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--driver", action="store_true")
    asked = parser.parse_args()
    settings = options("127.0.0.1", asked.port, asked.workers)
    Server(lambda: make_app(asked.database, driver=asked.driver), settings).run()
