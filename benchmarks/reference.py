"""The bare reference: a labeling loop of the same shape and durability, with no rules at all.

    python benchmarks/reference.py --database URL --port N [--workers N]

Flask and SQLModel as they are usually used, the same driver, durability and server settings as
LabelHub, two commits a label (the rating, then the next item), the labeler looked up by cookie,
the item drawn from a template. Nothing of LabelHub's own path is used, so that the yardstick
stays the same when that changes. `bare_driver.py` is the same loop without SQLModel.
"""

import argparse
import threading
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask, abort, request
from sqlmodel import Field, Session, SQLModel, col, select

from labelhub.cli.server import Server, options
from labelhub.clock import utc_now
from labelhub.store.database import normalised, sqlite_module

PAGE = """<section id="item"><h2>Prompt</h2><div>{{ prompt|safe }}</div>
<article><h3>First</h3>{{ first|safe }}</article>
<article><h3>Second</h3>{{ second|safe }}</article>
<form method="post" action="/desk/pilot/submit">
<input type="hidden" name="assignment" value="{{ assignment }}">
<input type="hidden" name="key" value="{{ assignment }}">
{% for value in ("-3", "-2", "-1", "tie", "1", "2", "3", "both_bad") %}
<label><input type="radio" name="preference" value="{{ value }}" required>{{ value }}</label>
{% endfor %}<button type="submit">Save</button></form></section>"""


class BareLabeler(SQLModel, table=True):
    id: str = Field(primary_key=True)
    token: str = Field(unique=True)


class BareItem(SQLModel, table=True):
    __table_args__ = (sa.Index("ix_bareitem_queue", "taken", "id"),)

    id: int = Field(primary_key=True)
    prompt: str
    first: str
    second: str
    taken: int = 0
    done: int = 0
    overlap: int = 3


class BareAssignment(SQLModel, table=True):
    __table_args__ = (sa.Index("ix_bareassignment_labeler", "labeler_id", "item_id"),)

    id: str = Field(primary_key=True)
    item_id: int = Field(foreign_key="bareitem.id")
    labeler_id: str = Field(foreign_key="barelabeler.id")
    opened: datetime
    closed: datetime | None = None


class BareRating(SQLModel, table=True):
    id: str = Field(primary_key=True)
    assignment_id: str = Field(foreign_key="bareassignment.id", unique=True)
    choice: str
    rated: datetime


def make_app(url: str) -> Flask:
    app, engine = Flask(__name__), make_engine(url)
    page = app.jinja_env.from_string(PAGE)
    # SQLite has one writer; those of a process queue here instead of polling.
    turns = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    def labeler_id() -> str:
        with Session(engine) as session:
            token = request.cookies.get("labelhub", "")
            found = session.exec(select(BareLabeler).where(BareLabeler.token == token)).first()
            return found.id if found else abort(403)

    def next_item(labeler: str) -> str:
        with turns, Session(engine, expire_on_commit=False) as session:
            had = sa.exists().where(
                col(BareAssignment.item_id) == col(BareItem.id),
                col(BareAssignment.labeler_id) == labeler,
            )
            waiting = select(BareItem).where(col(BareItem.taken) < col(BareItem.overlap), ~had)
            first = waiting.order_by(col(BareItem.taken), col(BareItem.id)).limit(1)
            item = session.exec(first.with_for_update(skip_locked=True)).first()
            if item is None:
                return "<p>Nothing left.</p>"
            assignment = BareAssignment(
                id=uuid4().hex, item_id=item.id, labeler_id=labeler, opened=utc_now()
            )
            item.taken += 1
            session.add(assignment)
            session.commit()
        return page.render(
            prompt=item.prompt, first=item.first, second=item.second, assignment=assignment.id
        )

    @app.post("/desk/pilot/next")
    def start() -> str:
        return next_item(labeler_id())

    @app.post("/desk/pilot/submit")
    def submit() -> str:
        labeler, form = labeler_id(), request.form
        with turns, Session(engine) as session:
            assignment = session.get(BareAssignment, form["assignment"])
            if assignment is None or assignment.labeler_id != labeler or assignment.closed:
                abort(404)
            item = session.get_one(BareItem, assignment.item_id)
            item.done += 1
            assignment.closed = utc_now()
            session.add(
                BareRating(id=uuid4().hex, assignment_id=assignment.id, choice=form["preference"],
                           rated=utc_now())
            )  # fmt: skip
            session.commit()
        return next_item(labeler)

    return app


def make_engine(url: str) -> sa.Engine:
    """Return an engine as durable as LabelHub's."""
    if not url.startswith("sqlite"):
        given = {"options": "-c synchronous_commit=on"}
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


def lay(url: str, tokens: Iterable[str], items: Iterable[tuple[int, str, str, str]]) -> None:
    """Make the tables and fill them."""
    engine = make_engine(url)
    models = (BareLabeler, BareItem, BareAssignment, BareRating)
    tables = [SQLModel.metadata.tables[each.__tablename__] for each in models]  # type: ignore[index]
    names = ("id", "prompt", "first", "second")
    rest = {"taken": 0, "done": 0, "overlap": 3}
    rows = [{**dict(zip(names, item, strict=True)), **rest} for item in items]
    with engine.begin() as connection:
        SQLModel.metadata.create_all(connection, tables)
        people = [{"id": uuid4().hex, "token": token} for token in tokens]
        connection.execute(sa.insert(tables[0]), people)
        connection.execute(sa.insert(tables[1]), rows)
        if connection.dialect.name != "sqlite":  # it does so by itself in time; SQLite does not
            connection.execute(sa.text("ANALYZE"))
    engine.dispose()


def main(make: Callable[[str], Flask]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    Server(lambda: make(asked.database), options("127.0.0.1", asked.port, asked.workers)).run()


if __name__ == "__main__":
    main(make_app)
