"""One history: the ground is laid, the hosts run by the baton, faults end, all is judged."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from labelhub.store.database import Database, sqlite_module
from tests.simulation import afterwards, judging
from tests.simulation.acts import Doing, LostError
from tests.simulation.baton import Baton
from tests.simulation.clocks import HostClock, Machine, TrueTime
from tests.simulation.hosts import CrashError, Host, Shared
from tests.simulation.laying import empty, lay
from tests.simulation.linear import read_laid
from tests.simulation.plan import HOSTS, Fault, Plan, Step
from tests.simulation.scene import Scene

_LONG_S = 5.0
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Report:
    """What a history came to. `wrong` is empty when nothing was."""

    plan: Plan
    wrong: list[str]
    hits: dict[Fault, int]
    served: int
    answers: int
    commits: int
    passes: int
    gained_s: float  # the most credited to anybody above true time
    trace: list[str] = field(default_factory=list, repr=False)


class Arena:
    """A database that may be emptied, with three hosts and an onlooker: for one history at a time.

    The hosts' engines outlive a history, so that statements are not made ready anew for each.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        url = database.url.render_as_string(hide_password=False)
        self.hosts = [Host(number, url) for number in range(HOSTS)]
        # The same driver: two SQLite libraries in one process would break one another's locks.
        driver = {"module": sqlite_module()} if database.is_sqlite else {}
        self._onlooking = sa.create_engine(database.url, isolation_level="AUTOCOMMIT", **driver)

    def close(self) -> None:
        for host in self.hosts:
            host.database.dispose()
        self._onlooking.dispose()

    def run(self, plan: Plan) -> Report:
        """Run one history and judge it."""
        empty(self.database)
        time = TrueTime()
        machines = [Machine(f"machine-{n}", time, plan.honest[n]) for n in range(HOSTS)]
        clocks = [HostClock(machines[0 if plan.one_machine else n]) for n in range(HOSTS)]
        ground = lay(self.database, plan, clocks[0])
        dice = random.Random(f"baton {plan.seed}")  # noqa: S311 a test's dice
        shared = Shared(Baton(dice, plan.keep), plan, self.database.is_sqlite, hosts=self.hosts)
        for host, clock in zip(self.hosts, clocks, strict=True):
            host.enter(clock, shared)
        with self._onlooking.connect() as connection:
            scene = Scene(plan, ground, shared, time, connection)
            gained = _play(scene)
        seen = scene.onlooker
        return Report(
            plan, scene.wrong, shared.hits, scene.served, len(scene.accepted), seen.commits,
            shared.baton.passes, gained, [one.told for one in seen.events],
        )  # fmt: skip


def _play(scene: Scene) -> float:
    """Let the hosts run, end the faults, and judge; return what was credited too much."""
    laid = read_laid(scene.onlooker.connection)
    scene.look(scene.shared.hosts[0])
    scene.shared.baton.run([_at(scene, host) for host in scene.shared.hosts])
    afterwards.live_again(scene)
    return judging.judge(scene, laid)


def _at(scene: Scene, host: Host) -> Callable[[], None]:
    """Return the work of one host: its steps, one after the other."""
    mine = [step for step in scene.plan.steps if step.host == host.number]

    def work() -> None:
        for step in mine:
            scene.shared.baton.pass_()
            if step.passes > _LONG_S:
                scene.shared.baton.wait(lambda: scene.shared.at_rest)
            scene.time.pass_(step.passes)
            _disturb(scene, host, step)
            _do(scene, host, step)

    return work


def _do(scene: Scene, host: Host, step: Step) -> None:
    """Do a step; whatever the client is told, or not, it may try again."""
    host.begin(step)
    doing = Doing(scene, host, step)
    try:
        doing.do()
    except CrashError:
        host.restart()
        scene.look(host)
    except LostError:
        pass
    except IntegrityError as error:
        scene.wrong.append(f"step {step.number} ({step.act}) failed: {error.orig}")
    except DBAPIError as error:
        if not (step.drop_at or scene.shared.hits.get(Fault.BUSY)):
            scene.wrong.append(f"step {step.number} ({step.act}) failed: {error}")
    except Exception as error:  # noqa: BLE001 an error page is a finding, whatever it is
        scene.wrong.append(f"step {step.number} ({step.act}) failed: {error!r}")


def _disturb(scene: Scene, host: Host, step: Step) -> None:
    machine, hit = host.clock.machine, scene.shared.hit
    if step.jump:
        machine.jump(step.jump)
        hit(Fault.JUMP_FORWARD if step.jump > 0 else Fault.JUMP_BACK)
    if step.reboot:
        machine.reboot()
        hit(Fault.REBOOT)
    if step.heal:
        machine.heal()
        hit(Fault.RESTORED)
    walls = [one.clock.now() for one in scene.shared.hosts]
    if (max(walls) - min(walls)).total_seconds() > _MINUTE_S:
        hit(Fault.SKEW)
    silent = scene.onlooker.silent_s(scene.time.seconds) > _MINUTE_S
    if silent and host.clock.boot_id() != scene.onlooker.ticking():
        hit(Fault.NO_TICKER)
