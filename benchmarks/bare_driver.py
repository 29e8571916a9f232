"""The reference without SQLModel: what the database driver alone can do. For scale, not a goal.

    python benchmarks/bare_driver.py --database URL --port N [--workers N]

It works on the tables that `reference.lay` made.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from uuid import uuid4

import reference
from flask import Flask, abort, request

from labelhub.clock import utc_now

WHO = "SELECT id FROM barelabeler WHERE token = :token"
WAITING = """SELECT id, prompt, first, second FROM bareitem WHERE taken < overlap AND NOT EXISTS
  (SELECT 1 FROM bareassignment WHERE item_id = bareitem.id AND labeler_id = :labeler)
  ORDER BY taken, id LIMIT 1"""
TAKE = "UPDATE bareitem SET taken = taken + 1 WHERE id = :item"
OPEN = """INSERT INTO bareassignment (id, item_id, labeler_id, opened)
  VALUES (:id, :item, :labeler, :now)"""
CLOSE = """UPDATE bareassignment SET closed = :now
  WHERE id = :id AND labeler_id = :labeler AND closed IS NULL RETURNING item_id"""
RATE = """INSERT INTO barerating (id, choice, rated, assignment_id)
  VALUES (:id, :choice, :now, :assignment)"""
DONE = "UPDATE bareitem SET done = done + 1 WHERE id = :item"


class Driver:
    """One connection a thread; on SQLite the writers of a process queue for a lock."""

    def __init__(self, url: str) -> None:
        self.lite = url.startswith("sqlite")
        self._engine = reference.make_engine(url)
        self._turns = threading.Lock() if self.lite else nullcontext()
        self._own = threading.local()

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._turns:
            if self.lite:
                self._connection().execute("BEGIN IMMEDIATE")
            yield
            self._connection().commit()

    def ask(self, text: str, **values: Any) -> Any:
        if not self.lite:
            for name in values:
                text = text.replace(f":{name}", f"%({name})s")
        return self._connection().execute(text, values)

    def _connection(self) -> Any:
        if not hasattr(self._own, "pooled"):
            self._own.pooled = self._engine.raw_connection()
        return self._own.pooled.driver_connection


def make_app(url: str) -> Flask:
    app, driver = Flask(__name__), Driver(url)
    waiting = WAITING + ("" if driver.lite else " FOR UPDATE SKIP LOCKED")
    page = app.jinja_env.from_string(reference.PAGE)

    def next_item(labeler: str) -> str:
        with driver.writing():
            item = driver.ask(waiting, labeler=labeler).fetchone()
            if item is None:
                return "<p>Nothing left.</p>"
            assignment, now = uuid4().hex, utc_now().isoformat()
            driver.ask(TAKE, item=item[0])
            driver.ask(OPEN, id=assignment, item=item[0], labeler=labeler, now=now)
        return page.render(prompt=item[1], first=item[2], second=item[3], assignment=assignment)

    def labeler_id() -> str:
        row = driver.ask(WHO, token=request.cookies.get("labelhub", "")).fetchone()
        return row[0] if row else abort(403)

    @app.post("/desk/pilot/next")
    def start() -> str:
        return next_item(labeler_id())

    @app.post("/desk/pilot/submit")
    def submit() -> str:
        labeler, form, now = labeler_id(), request.form, utc_now().isoformat()
        with driver.writing():
            closed = driver.ask(CLOSE, now=now, id=form["assignment"], labeler=labeler).fetchone()
            if closed is None:
                abort(404)
            driver.ask(RATE, id=uuid4().hex, choice=form["preference"], now=now,
                       assignment=form["assignment"])  # fmt: skip
            driver.ask(DONE, item=closed[0])
        return next_item(labeler)

    return app


if __name__ == "__main__":
    reference.main(make_app)
