"""The bare reference: a labeling loop of the same shape and durability, with no rules at all.

    python benchmarks/reference.py --database URL --port N [--workers N]

Flask, the same driver and server settings as LabelHub, two commits a label (the rating, then the
next item), the labeler looked up by cookie, the item rendered with a template. `lay` fills it.
"""

import argparse
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from flask import Flask, abort, request

from labelhub.cli.server import Server, options
from labelhub.clock import utc_now
from labelhub.store.database import Database

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
_WAITING = """SELECT id, prompt, first, second FROM item WHERE taken < overlap AND NOT EXISTS
  (SELECT 1 FROM assignment WHERE assignment.item = item.id AND labeler = ?)
  ORDER BY taken, id LIMIT 1"""
NEXT = {True: _WAITING, False: _WAITING + " FOR UPDATE SKIP LOCKED"}
PAGE = """<section id="item"><h2>Prompt</h2><div>{{ item[1]|safe }}</div>
<article><h3>First</h3>{{ item[2]|safe }}</article>
<article><h3>Second</h3>{{ item[3]|safe }}</article>
<form method="post" action="/desk/pilot/submit">
<input type="hidden" name="assignment" value="{{ assignment }}">
<input type="hidden" name="key" value="{{ assignment }}">
{% for value in ("-3", "-2", "-1", "tie", "1", "2", "3", "both_bad") %}
<label><input type="radio" name="preference" value="{{ value }}" required>{{ value }}</label>
{% endfor %}<button type="submit">Save</button></form></section>"""


class Store:
    """One driver connection a thread, set up as LabelHub's; SQLite's writers queue likewise."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, pool_size=20)
        self._own = threading.local()
        self.lite = self._database.is_sqlite

    def ask(self, statement: str, *values: Any) -> Any:
        marks = statement if self.lite else statement.replace("?", "%s")
        return self._connection().execute(marks, values)

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._database.held():
            if self.lite:
                self.ask("BEGIN IMMEDIATE")
            try:
                yield
                self._connection().commit()
            except BaseException:
                self._connection().rollback()
                raise

    def _connection(self) -> Any:
        if not hasattr(self._own, "pooled"):
            self._own.pooled = self._database.engine.raw_connection()
        return self._own.pooled.driver_connection


def make_app(url: str) -> Flask:
    app, store = Flask(__name__), Store(url)
    page = app.jinja_env.from_string(PAGE)

    def next_item(labeler: str) -> str:
        with store.writing():
            item = store.ask(NEXT[store.lite], labeler).fetchone()
            if item is None:
                return "<p>Nothing left.</p>"
            assignment = uuid4().hex
            store.ask("UPDATE item SET taken = taken + 1 WHERE id = ?", item[0])
            store.ask(
                "INSERT INTO assignment (id, item, labeler, opened) VALUES (?, ?, ?, ?)",
                assignment, item[0], labeler, utc_now().isoformat(),
            )  # fmt: skip
        return page.render(item=item, assignment=assignment)

    def labeler() -> str:
        token = request.cookies.get("labelhub", "")
        row = store.ask("SELECT id FROM labeler WHERE token = ?", token).fetchone()
        return row[0] if row else abort(403)

    @app.post("/desk/pilot/next")
    def first() -> str:
        return next_item(labeler())

    @app.post("/desk/pilot/submit")
    def submit() -> str:
        who, form = labeler(), request.form
        with store.writing():
            closed = store.ask(
                "UPDATE assignment SET closed = ? WHERE id = ? AND labeler = ? AND closed IS NULL"
                " RETURNING item",
                utc_now().isoformat(), form["assignment"], who,
            ).fetchone() or abort(404)  # fmt: skip
            store.ask(
                "INSERT INTO rating (id, choice, rated, assignment) VALUES (?, ?, ?, ?)",
                uuid4().hex, form["preference"], utc_now().isoformat(), form["assignment"],
            )  # fmt: skip
            store.ask("UPDATE item SET done = done + 1 WHERE id = ?", closed[0])
        return next_item(who)

    return app


def lay(url: str, tokens: Iterable[str], items: Iterable[tuple[int, str, str, str]]) -> None:
    """Make the tables and fill them."""
    store = Store(url)
    with store.writing():
        for statement in SCHEMA.split(";"):
            store.ask(statement)
        for token in tokens:
            store.ask("INSERT INTO labeler VALUES (?, ?)", uuid4().hex, token)
        for item in items:
            store.ask("INSERT INTO item VALUES (?, ?, ?, ?, 0, 0, 3)", *item)
        store.ask("ANALYZE")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    settings = options("127.0.0.1", asked.port, asked.workers)
    Server(lambda: make_app(asked.database), settings).run()
