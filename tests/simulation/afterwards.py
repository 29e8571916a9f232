"""When the faults have ended, the world is live again: whoever may work is given work."""

from datetime import timedelta

import sqlalchemy as sa

from labelhub.services import desk, people
from labelhub.services.showing import NotThere, Shown
from labelhub.store import gate_clock
from tests.simulation.laying import MILD
from tests.simulation.plan import HOUR
from tests.simulation.scene import Scene

RESTED_S = 36 * HOUR
_STEP = timedelta(minutes=2)


def live_again(scene: Scene) -> None:
    """Set the clocks right, let staff confirm time, rest for a day and a half, and ask for work."""
    hosts = scene.shared.hosts
    for host in hosts:
        host.begin_nothing()
        host.clock.machine.heal()
    scene.time.pass_(_STEP.total_seconds())
    for host in hosts:
        tick = host.transact(lambda s, at=host: gate_clock.tick(s, at.clock))
        if not tick.verified:
            host.transact(lambda s, at=host: gate_clock.confirm(s, at.clock))
        scene.look(host)
    scene.time.pass_(RESTED_S)
    before = scene.onlooker.gate_time()
    left = _gone(scene)
    for number, person in enumerate(scene.ground.people):
        host = hosts[number % len(hosts)]
        host.transact(lambda s, who=person, at=host: people.reinstate(s, who, None, at.clock))
        scene.look(host)
        found = host.transact(lambda s, who=person, at=host: desk.go_on(s, who, MILD, at.clock))
        scene.look(host)
        scene.sent(person, found.outcome)
        if person.hex in left:
            scene.expect(isinstance(found.outcome, NotThere), f"{person} left and is served")
        else:
            scene.expect(
                isinstance(found.outcome, Shown),
                f"after all faults {person} is given no work: {_why(found)}",
            )
    after = scene.onlooker.gate_time()
    scene.expect(after - before > timedelta(hours=30), "after all faults gate time stands still")


def _gone(scene: Scene) -> set[str]:
    """Return who declined the mild project and so has nothing to be served there."""
    mild = scene.ground.projects[MILD]
    rows = scene.onlooker.connection.execute(
        sa.text("SELECT person_id, project_id FROM joining WHERE left_at IS NOT NULL")
    )
    return {
        str(row.person_id).replace("-", "")
        for row in rows
        if str(row.project_id).replace("-", "") == mild.hex
    }


def _why(found: desk.Desk) -> str:
    standstill = getattr(found.outcome, "standstill", None)
    return f"{type(found.outcome).__name__} {standstill and standstill.holds}"
