"""A simulated host: a thread's own engines and clock, on which a plan's faults fall."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session

from labelhub.store.database import Database
from tests.simulation.baton import Baton
from tests.simulation.clocks import HostClock
from tests.simulation.drivers import announce
from tests.simulation.plan import Fault, Plan, Step

T = TypeVar("T")
_SUSPENDED_S = 1_200.0
_POOL = 3
_NOBODYS = ("BEGIN", "SELECT 1")
"""Statements that are nobody's request: a transaction begins, a connection is asked if it lives."""


class CrashError(BaseException):
    """The host's program dies here; nothing of it goes on."""


@dataclass(slots=True)
class Shared:
    """What all hosts of a history share: the baton, the locks that they wait for, and counts."""

    baton: Baton
    plan: Plan
    sqlite: bool
    hits: dict[Fault, int] = field(default_factory=dict)
    turns: dict[Any, "Host"] = field(default_factory=dict)  # who has a person's (PostgreSQL)
    hosts: "list[Host]" = field(default_factory=list)

    def hit(self, fault: Fault) -> None:
        self.hits[fault] = self.hits.get(fault, 0) + 1

    @property
    def queues(self) -> bool:
        return self.plan.queue and self.sqlite

    @property
    def at_rest(self) -> bool:
        return not any(host.busy for host in self.hosts)


class Door:
    """Stands where a program queues to write: it passes the baton, and waits by it.

    With a queue (SQLite) nobody begins while another writes. Without one the database itself says
    *busy*; the second try then waits until nobody is in a transaction.
    """

    def __init__(self, host: "Host") -> None:
        self._host = host

    def __enter__(self) -> None:
        host, shared = self._host, self._host.shared
        if not host.inside:
            return
        host.tries += 1
        if host.tries > 1:
            shared.hit(Fault.BUSY)
        shared.baton.pass_()
        if shared.queues or host.tries > 1:
            shared.baton.wait(lambda: shared.at_rest)
        host.busy = True
        host.clock.reads.clear()

    def __exit__(self, *_: object) -> None:
        self._host.let_go()

    def close(self) -> None:
        """Do nothing: there is no file."""


class Host:
    """A program of its own: it can die at any statement, and start again."""

    def __init__(self, number: int, url: str) -> None:
        self.number = number
        self.clock: HostClock = Any  # type: ignore[assignment] of the present history, as below
        self.shared: Shared = Any  # type: ignore[assignment]
        self.busy = False  # in a transaction
        self.tries = 0
        self._step: Step | None = None
        self._statements = 0
        self.inside = False
        self.database = self._open(url)

    def enter(self, clock: HostClock, shared: Shared) -> None:
        """Begin another history: nothing of the one before is left."""
        self.clock, self.shared, self._step = clock, shared, None
        self.busy = self.inside = False
        self._open_connections()

    def begin(self, step: Step) -> None:
        self._step, self._statements = step, 0

    def begin_nothing(self) -> None:
        """From now on nothing goes wrong here."""
        self._step = None

    def transact(self, work: Callable[[Session], T]) -> T:
        """Do what a request does to the database, as the product's own transactions do it."""
        self.tries, self.inside = 0, True
        try:
            return self.database.run(work)
        finally:
            self.inside = False
            self.let_go()

    def read(self, work: Callable[[Session], T]) -> T:
        self.inside = True
        try:
            with self.database.reading() as session:
                return work(session)
        finally:
            self.inside = False

    def restart(self) -> None:
        """Start the program again in place of the dead one: with new connections."""
        self.database.dispose()
        self._open_connections()

    def _open_connections(self) -> None:
        """Have them ready, so that a history does not begin with their first statements."""
        for engine in {self.database.engine, self.database.reader}:
            engine.connect().close()

    def _open(self, url: str) -> Database:
        database = Database(url, pool_size=_POOL)
        door: Any = Door(self)
        database._turns = door
        engines = {database.engine, database.reader} if database.is_sqlite else {database.engine}
        for engine in engines:
            event.listen(engine, "connect", self._on_connect)
            announce(engine, self._on_statement)
            event.listen(engine, "commit", self._on_commit)
            event.listen(engine, "rollback", self._on_rollback)
        return database

    def _on_connect(self, connection: Any, _record: object) -> None:
        """Wait for no lock of the database, so that *busy* comes at once; skip the disk's wait."""
        if connection.__class__.__module__.startswith("psycopg"):
            connection.execute("SET lock_timeout = 1")
            connection.execute("SET synchronous_commit = off")
            connection.commit()
        else:
            connection.execute("PRAGMA busy_timeout=0").close()
            connection.execute("PRAGMA synchronous=OFF").close()

    def _on_statement(self, connection: Any, statement: str, parameters: Any) -> None:
        if not self.inside or statement.startswith(_NOBODYS):
            return
        self._statements += 1
        self._suffer(connection)
        self._queue_up(statement, parameters)
        self.shared.baton.pass_()

    def _suffer(self, connection: Any) -> None:
        step = self._step
        if step is None:
            return
        if self._statements == step.crash_at:
            self.shared.hit(Fault.CRASH)
            raise CrashError
        if self._statements == step.drop_at:
            self.shared.hit(Fault.DROPPED)
            connection.close()
        if self._statements == step.suspend_at:
            self.shared.hit(Fault.SUSPEND)
            self.clock.machine.time.pass_(_SUSPENDED_S)

    def _queue_up(self, statement: str, parameters: Any) -> None:
        """Wait by the baton for a person's turn, where the database would wait for the row.

        Whoever does not take the turn is not kept from anything: a fault in it stays visible.
        """
        if self.database.is_sqlite or not statement.startswith("UPDATE person_gate SET turn"):
            return
        person, turns = parameters[-1], self.shared.turns
        self.shared.baton.wait(lambda: turns.get(person, self) is self)
        turns[person] = self

    def _on_commit(self, _connection: sa.Connection) -> None:
        if not self.inside:
            return
        if self._step is not None and self._step.crash_at_commit and self._statements:
            self.shared.hit(Fault.CRASH_AT_COMMIT)
            raise CrashError
        self.shared.baton.pass_()
        self.let_go()

    def _on_rollback(self, _connection: sa.Connection) -> None:
        self.let_go()

    def let_go(self) -> None:
        self.busy = False
        turns = self.shared.turns
        for person in [person for person, host in turns.items() if host is self]:
            del turns[person]
