"""The turn is taken first, text is read last, and it is all or nothing (R2, W-4, D-4)."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from labelhub.domain.vocabulary import OptOutScope
from labelhub.services import rating, serving
from labelhub.services.showing import Shown
from labelhub.store import record
from labelhub.store.database import Database
from tests.services.desk.room import FIRST, Room, furnish
from tests.services.desk.watching import watching
from tests.worlds import HandClock

TURN = "UPDATE person_gate SET turn="


def _served(room: Room) -> None:
    room.next()


def _sent_again(room: Room) -> None:
    room.next()
    room.next()


def _revealed(room: Room) -> None:
    room.reveal(room.offered().assignment.id)


def _answered(room: Room) -> None:
    shown = room.reveal(room.offered().assignment.id)
    assert isinstance(shown, Shown)
    room.answer(shown)


def _undone(room: Room) -> None:
    _answered(room)
    room.undo()


def _declined(room: Room) -> None:
    room.decline(OptOutScope.ITEM, shown=room.offered())


def _rested(room: Room) -> None:
    room.rest()
    room.back()


def _drafted(room: Room) -> None:
    shown = room.reveal(room.offered().assignment.id)
    assert isinstance(shown, Shown)
    room.draft(shown, FIRST)


def _stopped(room: Room) -> None:
    room.stop(room.offered())


ACTS = [
    _served, _sent_again, _revealed, _answered, _undone, _declined, _rested, _drafted, _stopped,
]  # fmt: skip


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__.strip("_"))
def test_the_turn_is_the_first_statement(
    database: Database, clock: HandClock, act: Callable[[Room], None]
) -> None:
    room = furnish(database, clock, items=[1, 1], max_severity=1, veil_tier=1)
    with watching(database) as watch:
        act(room)
    assert watch.transactions
    for transaction in watch.transactions:
        if transaction:
            assert transaction[0].statement.startswith(TURN)
            clock_read = next(
                place for place, one in enumerate(transaction) if "FROM gate_clock" in one.statement
            )
            assert clock_read == 1  # read after the turn, before everything else


@pytest.mark.parametrize("veil_tier", [1, 5])
@pytest.mark.parametrize("act", ["next", "again", "reveal", "undo", "resume"])
def test_text_is_read_only_after_its_exposure_or_showing(
    database: Database, clock: HandClock, act: str, veil_tier: int
) -> None:
    room = furnish(database, clock, items=[1, 1], max_severity=1, veil_tier=veil_tier)
    with watching(database) as watch:
        served = room.next()
        shown = served if isinstance(served, Shown) else room.reveal(served.assignment.id)  # type: ignore[union-attr]
        assert isinstance(shown, Shown)
        if act == "again":
            room.next()
        elif act == "reveal":
            room.reveal(shown.assignment.id)
        elif act == "undo":
            room.answer(shown)
            room.undo()
        elif act == "resume":
            room.rest()
            room.back()
            room.next()
    texts = [one for one in watch.statements if " content" in one.statement]
    assert texts  # or the test looks at nothing
    assert watch.text_read_unrecorded() == []


def test_nothing_but_showing_reads_text(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    with watching(database) as watch:
        room.draft(shown, FIRST)
        room.answer(shown)
        room.rest()
        room.back()
        room.decline(OptOutScope.TODAY)
    assert not [one for one in watch.statements if " content" in one.statement]


class CrashError(Exception):
    """The process dies here."""


def _crash(*_: object, **__: object) -> None:
    raise CrashError


@pytest.mark.parametrize(
    ("module", "name"),
    [(record, "append"), (serving.content, "read"), (serving.exposures, "append")],
)
def test_a_crash_while_serving_leaves_nothing(
    database: Database, clock: HandClock, monkeypatch: pytest.MonkeyPatch,
    module: object, name: str,
) -> None:  # fmt: skip
    room = furnish(database, clock)
    before = {table: room.rows(table) for table in ("item", "person_gate", "event", "chain")}
    with monkeypatch.context() as patch:
        patch.setattr(module, name, _crash)
        with pytest.raises(CrashError):
            room.next()
    for table in ("exposure", "assignment"):
        assert room.rows(table) == []
    assert {table: room.rows(table) for table in before} == before


@pytest.mark.parametrize("after", [True, False])
def test_a_crash_beside_the_event_keeps_neither_answer_nor_event(
    database: Database, clock: HandClock, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    append = record.append

    def crashing(*args: object) -> None:
        if after:
            append(*args)  # type: ignore[arg-type]
        raise CrashError

    tables = ("rating", "assignment", "item", "paid_time", "charge", "event", "event_payload",
              "chain", "replayed_request", "person_gate")  # fmt: skip
    before = {table: room.rows(table) for table in tables}
    with monkeypatch.context() as patch:
        patch.setattr(record, "append", crashing)
        with pytest.raises(CrashError):
            room.answer(shown, FIRST, key="k")
    assert {table: room.rows(table) for table in tables} == before
    assert isinstance(room.answer(shown, FIRST, key="k"), rating.Accepted)


def test_a_crash_after_everything_but_the_commit_keeps_nothing(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    shown = room.shown()

    def answered_then_gone(session: Session) -> None:
        rating.submit(session, room.who(), shown.assignment.id, "k", FIRST, clock)
        raise CrashError

    with pytest.raises(CrashError):
        room.run(answered_then_gone)
    assert room.rows("rating") == []
    assert room.events() == ["exposure"]
