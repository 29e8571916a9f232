"""A round of the race: lay the desk, let workers run and die, finish the work, judge the rest."""

import multiprocessing
import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from typing import Any
from uuid import UUID

from labelhub.clock import SystemClock
from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.policy import Policy
from labelhub.services import rating, safeguarding, serving, sign_ins
from labelhub.services.showing import Shown
from labelhub.store import assignments, policies
from labelhub.store.database import Database
from tests import canary
from tests.races import invariants, labeler
from tests.races.plan import LIMIT_POINTS, Plan, Seat
from tests.worlds import Desk, lay_desk

_TO_BEGIN_S = 60


@dataclass(frozen=True, slots=True)
class Report:
    """What a round came to. `wrong` is empty when nothing was."""

    wrong: list[str]
    answers: int
    repeated: int
    kills: int
    seconds: float

    def line(self, plan: Plan) -> str:
        return (
            f"seed {plan.seed}: {self.answers} answers told, {self.repeated} of them again, "
            f"{self.kills} kills, {self.seconds:.1f} s, {len(self.wrong)} wrong"
        )


def race(plan: Plan) -> Report:
    """Run one round and return what is wrong afterwards."""
    began = time.monotonic()
    database = Database(plan.url)
    try:
        desk = _lay(database, plan)
        kills, crashed = _run(plan, _seats(database, plan, desk))
        _finish(database, desk)
        told = [
            line
            for path in sorted(plan.folder.glob("seat-*.jsonl"))
            for line in labeler.read_lines(path)
        ]
        wrong = [*crashed, *_judge(database, plan, told)]
    finally:
        database.dispose()
    answered = Counter(line["key"] for line in told if line["kind"] == "told" and line["accepted"])
    return Report(
        wrong, len(answered), sum(answered.values()) - len(answered), kills,
        time.monotonic() - began,
    )  # fmt: skip


def _lay(database: Database, plan: Plan) -> Desk:
    clock: Any = SystemClock()
    severities = [0] * plan.mild + [1] * plan.charged
    desk = lay_desk(
        database, clock, labelers=plan.persons, items=severities, overlap=plan.overlap,
        max_severity=1,
    )  # fmt: skip
    limits = {"dose_hour": {"value": LIMIT_POINTS, "unit": "points", "limit": "L-02"}}
    tight = Policy.from_mapping({"schema": "labelhub-policy-v1", "limits": limits}, partial=True)
    now = clock.now() - timedelta(minutes=1)
    database.run(
        lambda s: policies.commit(
            s, Layer.PROJECT, desk.project.hex, tight, now=now, effective_at=now
        )
    )
    return desk


def _seats(database: Database, plan: Plan, desk: Desk) -> list[Seat]:
    now = SystemClock().now()
    tokens = {
        person: database.run(
            lambda s, who=person: sign_ins.start(
                s, who, "Race", (plan.secret_key,), now, second_factor_at=None
            )
        )
        for person in desk.labelers
    }
    many = len(desk.labelers)
    return [
        Seat(
            plan, number, 0, desk.slug,
            tuple(
                (person, tokens[person])
                for place, person in enumerate(desk.labelers)
                if (place - number * many // plan.processes) % many < 2 * many // plan.processes
            ),
        )
        for number in range(plan.processes)
    ]  # fmt: skip


def _run(plan: Plan, seats: Sequence[Seat]) -> tuple[int, list[str]]:
    """Run the workers; kill one now and then, and start another in its seat."""
    # A server started afresh imports everything once and forks the workers: each is a process of
    # its own with engines of its own, and starting another one in place of the dead is quick.
    spawn = multiprocessing.get_context("forkserver")
    spawn.set_forkserver_preload(["tests.races.labeler"])
    dice = random.Random(plan.seed)  # noqa: S311 a test's dice
    taken: list[tuple[Seat, BaseProcess]] = []

    def start(seat: Seat) -> tuple[Seat, BaseProcess]:
        process = spawn.Process(target=labeler.work, args=(seat,), daemon=True)
        process.start()
        return seat, process

    taken = [start(seat) for seat in seats]
    crashed: list[str] = []
    _all_begun(taken)
    kills, ends = 0, time.monotonic() + plan.seconds
    while time.monotonic() < ends:
        time.sleep(dice.uniform(0.5, 1.5) * plan.kill_every)
        place = dice.randrange(len(taken))
        seat, process = taken[place]
        if process.exitcode is None:
            process.kill()
            process.join()
            kills += process.exitcode == -signal.SIGKILL
        elif process.exitcode != -signal.SIGKILL:
            crashed.append(f"seat {seat.number} ended with {process.exitcode}")
        if time.monotonic() < ends - plan.seconds / 3:
            again = Seat(plan, seat.number, seat.start + 1, seat.slug, seat.persons)
            taken[place] = start(again)
    for seat, process in taken:
        process.join(plan.seconds + 60)
        if process.exitcode not in {0, -signal.SIGKILL}:
            crashed.append(f"seat {seat.number} ended with {process.exitcode}")
    return kills, crashed


def _all_begun(taken: Sequence[tuple[Seat, BaseProcess]]) -> None:
    """Wait until every worker has opened its journal."""
    ends = time.monotonic() + _TO_BEGIN_S
    while time.monotonic() < ends:
        if all(seat.journal.exists() or process.exitcode for seat, process in taken):
            return
        time.sleep(0.05)


def _finish(database: Database, desk: Desk) -> None:
    """Let every labeler finish, one after the other: what they hold, then what is left."""
    clock = SystemClock()
    for person in desk.labelers:
        database.run(lambda s, who=person: safeguarding.come_back(s, who, desk.slug, clock))
        while True:
            served = database.run(
                lambda s, who=person: serving.serve_next(s, who, desk.slug, clock)
            )
            with database.reading() as session:
                held = assignments.find_open(session, person)
            if held is None:
                break
            outcome = database.run(
                lambda s, who=person, what=held: rating.submit(
                    s, who, what.id, f"finish-{what.id.hex}", {"preference": ["1"]}, clock
                )
            )
            if not isinstance(served, Shown) and not isinstance(outcome, rating.Accepted):
                break


def _judge(database: Database, plan: Plan, told: Sequence[dict[str, Any]]) -> list[str]:
    limits = canary.Limits(hour_ps=LIMIT_POINTS * 60)
    with database.reading() as session:
        connection = session.connection()
        story = canary.read_story(connection)
        answers = {
            row.id: row
            for row in connection.exec_driver_sql(
                "SELECT r.id, r.status, r.assignment_id FROM rating r"
            )
        }
        items = connection.exec_driver_sql("SELECT tier, accepted_count, overlap FROM item").all()
        wrong = invariants.broken(connection)
    wrong += canary.scan(_sent(told), story, limits)
    kept = {_uuid(one.id) for one in answers.values()}
    assigned = {_uuid(one.assignment_id) for one in answers.values()}
    bodies: defaultdict[str, set[str]] = defaultdict(set)
    for line in told:
        if line["kind"] != "told":
            continue
        if line["accepted"] and UUID(line["assignment"]) not in assigned:
            wrong.append(f"the answer to {line['assignment']} was accepted and is gone")
        if line["rating"] and UUID(line["rating"]) not in kept:
            wrong.append(f"rating {line['rating']} was told and is gone")
        if line["accepted"]:
            bodies[line["key"]].add(repr(line["fields"]))
    wrong += [
        f"{len(each)} answers under key {key}" for key, each in bodies.items() if len(each) > 1
    ]
    short = sum(row.overlap - row.accepted_count for row in items if row.tier == 0)
    if short:
        wrong.append(f"mild items lack {short} ratings although labelers were free")
    return wrong


def _sent(told: Sequence[dict[str, Any]]) -> list[canary.Sent]:
    return [
        canary.Sent(
            PersonId(UUID(line["person"])), datetime.fromisoformat(line["at"]),
            line["body"].encode(), datetime.fromisoformat(line["since"]),
        )
        for line in told
        if line["kind"] == "sent"
    ]  # fmt: skip


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))
