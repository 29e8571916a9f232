"""One worker process: labelers who work, double-click, go back, and die at any moment."""

import json
import os
import random
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.races.doors import Door, Seen, open_door
from tests.races.plan import Seat

ANSWERS = ({"preference": ["-2"]}, {"preference": ["3"]}, {"preference": ["tie"]})


class Journal:
    """What was sent and told, one line each, written before anything else is done.

    The operating system keeps a line when the process is killed; only the last may be torn.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, **line: Any) -> None:
        os.write(self._file, (json.dumps(line, default=str) + "\n").encode())


def work(seat: Seat) -> None:
    """Work until the round's time is over; the entry of a spawned process."""
    dice = random.Random(seat.dice)  # noqa: S311 a test's dice
    journal = Journal(seat.journal)
    labeler = Labeler(open_door(seat), journal, dice, seat)
    labeler.retry_unanswered()
    ends = time.monotonic() + seat.plan.seconds
    while time.monotonic() < ends:
        labeler.act(dice.choice(seat.persons)[0])


class Labeler:
    def __init__(self, door: Door, journal: Journal, dice: random.Random, seat: Seat) -> None:
        self._door, self._journal, self._dice, self._seat = door, journal, dice, seat
        self._open: dict[UUID, Seen] = {}

    def act(self, person: UUID) -> None:
        seen = self._open.get(person)
        chance = self._dice.random()
        if chance < 0.02:
            self._door.rest(person)
        elif chance < 0.05:
            self._keep(person, self._door.undo(person))
        elif seen is None or chance < 0.15:
            self._keep(person, self._door.go_on(person))
        elif chance < 0.18:
            self._door.decline(person, seen.assignment)
            self._open.pop(person)
        else:
            self._answer(person, seen.assignment, seen.key)

    def retry_unanswered(self) -> None:
        """Send again what the process before this one sent without hearing back (D-2)."""
        if self._seat.start == 0:
            return
        before = (
            self._seat.plan.folder / f"seat-{self._seat.number}-{self._seat.start - 1:03}.jsonl"
        )
        tried: dict[str, dict[str, Any]] = {}
        for line in read_lines(before):
            if line["kind"] == "try":
                tried[line["key"]] = line
            elif line["kind"] == "told":
                tried.pop(line["key"], None)
        for line in tried.values():
            self._send(UUID(line["person"]), line["assignment"], line["key"], line["fields"])

    def _answer(self, person: UUID, assignment: str, key: str) -> None:
        fields = self._dice.choice(ANSWERS)
        self._send(person, assignment, key, fields)
        if self._dice.random() < 0.15:  # a double click, or a browser that lost the response
            self._send(person, assignment, key, fields)
        if self._dice.random() < 0.05:  # the same form with another answer
            other = next(one for one in ANSWERS if one != fields)
            self._send(person, assignment, key, other, probe=True)

    def _send(
        self,
        person: UUID,
        assignment: str,
        key: str,
        fields: dict[str, list[str]],
        *,
        probe: bool = False,
    ) -> None:
        said = {"person": person.hex, "assignment": assignment, "key": key, "fields": fields}
        if not probe:  # what was only a probe is not tried again after a crash
            self._journal.write(kind="try", **said)
        told = self._door.submit(person, assignment, key, fields)
        self._journal.write(kind="told", accepted=told.accepted, rating=told.rating, **said)
        self._open.pop(person, None)
        if told.seen is not None:
            self._keep(person, told.seen)

    def _keep(self, person: UUID, seen: Seen) -> None:
        self._journal.write(
            kind="sent", person=person.hex, since=seen.since.isoformat(), at=seen.at.isoformat(),
            body=seen.body.decode(),
        )  # fmt: skip
        if seen.assignment and b"canary-" in seen.body:
            self._open[person] = seen
        else:
            self._open.pop(person, None)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read a journal; a torn last line was never finished and says nothing."""
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    return [json.loads(line) for line in lines[:-1]]
