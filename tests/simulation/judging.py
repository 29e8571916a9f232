"""The judgement of a history: tables, bytes sent and every person's line against the text."""

from collections import Counter

from tests import canary
from tests.races import invariants
from tests.simulation.clocks import AGREED_S
from tests.simulation.laying import HARM, NEWCOMER
from tests.simulation.linear import Line, read_facts
from tests.simulation.observing import uuid
from tests.simulation.scene import Scene

STALE_S = 60.0
"""A machine that does not keep the time may read one this old (decision 0007)."""


def judge(scene: Scene, laid: dict[str, int]) -> float:
    """Add to what is wrong in the scene; return the most that anybody was credited too much."""
    connection, wrong = scene.onlooker.connection, scene.wrong
    wrong += invariants._counts(connection)
    wrong += invariants._rated_twice(connection)
    wrong += invariants._charges(connection)
    wrong += invariants._paid(connection)
    wrong += invariants._chains(connection)
    wrong += invariants._one_event_each(connection)
    wrong += canary.scan(
        [canary.Sent(one.person, one.at, one.body) for one in scene.journal],
        canary.read_story(connection),
    )
    wrong += _answers(scene)
    wrong += _together(scene)
    return _lines(scene, laid)


def _answers(scene: Scene) -> list[str]:
    """Check D-1: what was told to be accepted is there."""
    rows = scene.onlooker.connection.exec_driver_sql("SELECT id, assignment_id FROM rating")
    kept = {uuid(row.id): uuid(row.assignment_id) for row in rows}
    return [
        f"rating {rating} was told and is gone (D-1)"
        for (assignment, _), (rating, _) in scene.accepted.items()
        if kept.get(rating) != assignment
    ]


def _together(scene: Scene) -> list[str]:
    """Check D-4 and W-10: what commits together is there together, and at most one is open."""
    connection = scene.onlooker.connection
    asked = {
        "exposures without an event": (
            "SELECT count(*) FROM exposure", "SELECT count(*) FROM event WHERE kind = 'exposure'",
        ),
        "answers without pay": (
            "SELECT count(DISTINCT assignment_id) FROM rating",
            (
                "SELECT count(DISTINCT r.assignment_id) FROM rating r JOIN paid_time p"
                " ON p.assignment_id = r.assignment_id"
            ),
        ),
    }  # fmt: skip
    wrong = [
        f"{what} (D-4)"
        for what, pair in asked.items()
        if len({connection.exec_driver_sql(statement).scalar_one() for statement in pair}) > 1
    ]
    rows = connection.exec_driver_sql("SELECT person_id FROM assignment WHERE closed_at IS NULL")
    many = Counter(row.person_id for row in rows)
    return wrong + [f"{who} has {n} open (W-10)" for who, n in many.items() if n > 1]


def _lines(scene: Scene, laid: dict[str, int]) -> float:
    """Check each person's line (M9) and what time was credited (W-6)."""
    onlooker, plan = scene.onlooker, scene.plan
    if onlooker.began is None:
        return 0.0
    line = Line(
        facts=read_facts(onlooker.connection, onlooker.began, laid),
        began=onlooker.began,
        newcomers=frozenset({scene.ground.people[NEWCOMER]}),
        sure_of_night=plan.one_machine and not plan.clock_faults,
        harm=scene.ground.projects[HARM].hex,
    )
    line.walk(onlooker.events)
    scene.wrong += line.wrong
    if onlooker.ahead_s > AGREED_S:
        scene.wrong.append(f"gate time was {onlooker.ahead_s} s ahead of true time (W-6)")
    gained = max((person.gained for person in line.people.values()), default=0.0)
    if plan.clock_faults:
        most = 2 * STALE_S + 2 * AGREED_S  # read a minute late, by a clock a minute behind
    else:
        most = 0.0 if plan.one_machine else STALE_S + 2 * AGREED_S
    if gained > most:
        scene.wrong.append(f"somebody was credited {gained} s more than passed (W-6)")
    return gained
