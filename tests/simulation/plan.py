"""What a history is to be: its machines, its faults, and who does what on which host."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

HOSTS = 3
PEOPLE = 5
STEPS = 60
MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
JUMPS = (1.0, 30.0, 61.0, HOUR, DAY, 365 * DAY, 3_650 * DAY)


class Fault(StrEnum):
    """What the world does to the program. Every kind has to happen, or the test fails."""

    CRASH = "crash at a statement"
    CRASH_AT_COMMIT = "crash at a commit"
    DROPPED = "connection dropped"
    LOST = "response lost"
    RETRY = "request sent again"
    SUSPEND = "suspended amid a transaction"
    BUSY = "database busy"
    JUMP_FORWARD = "clock jumped forward"
    JUMP_BACK = "clock jumped back"
    REBOOT = "machine rebooted"
    SKEW = "machines disagree"
    NO_TICKER = "the ticking machine is silent"
    RESTORED = "clock right again"
    CONFIRMED = "time confirmed by staff"


class Act(StrEnum):
    """What somebody does in one step."""

    WORK = "work"  # answer what is on the page, or ask for something
    NEXT = "next"
    AGAIN = "again"  # reload: a break of one's own holds
    UNDO = "undo"
    DRAFT = "draft"
    DECLINE = "decline"
    REST = "rest"
    MOMENT = "moment"
    BACK = "back"
    CONTINUE = "continue"
    WITHDRAW = "withdraw"
    CONSENT = "consent"
    END = "end an opt-out"
    JOIN = "join"
    STOP = "stop prohibited content"
    LOOK = "look"
    TIGHTEN = "tighten"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    EXPIRE = "expire"
    CONFIRM = "confirm time"


_WEIGHTS = {
    Act.WORK: 60, Act.NEXT: 8, Act.AGAIN: 7, Act.UNDO: 4, Act.DRAFT: 4, Act.DECLINE: 5,
    Act.REST: 2, Act.MOMENT: 1, Act.BACK: 1, Act.CONTINUE: 2, Act.WITHDRAW: 1, Act.CONSENT: 2,
    Act.END: 2, Act.JOIN: 1, Act.STOP: 0.5, Act.LOOK: 2, Act.TIGHTEN: 1, Act.SUSPEND: 0.7,
    Act.REINSTATE: 1.5, Act.EXPIRE: 2, Act.CONFIRM: 1,
}  # fmt: skip
_THEMES: tuple[frozenset[Act], ...] = (
    frozenset(),
    frozenset({Act.WITHDRAW, Act.CONSENT, Act.JOIN}),
    frozenset({Act.DECLINE, Act.END, Act.UNDO, Act.AGAIN}),
    frozenset({Act.TIGHTEN, Act.SUSPEND, Act.REINSTATE, Act.STOP, Act.EXPIRE}),
    frozenset({Act.REST, Act.MOMENT, Act.BACK, Act.DRAFT, Act.CONTINUE}),
)
_OFTEN = 4
"""What a theme is about happens this much more often in it."""
_PACES = (
    (0.0, 1.5, 8.0, 20.0, 45.0),
    (20.0, 75.0, 150.0, 300.0, 600.0),
    (20.0, 45.0, 60.0, 300.0, 900.0),
    (600.0, 900.0, 1_800.0),
)
_LONG = (HOUR, 4 * HOUR, 11 * HOUR, 16 * HOUR, 24.5 * HOUR, 36 * HOUR, 61 * HOUR)
SEVERITIES = (
    (0, 0, 1, 1, 2, 2, 3, 3, 4, 0, 1, 2) * 2,
    (2, 3, 4, 2, 3, 2, 4, 0, 3, 2, 1, 2) * 2,
    (1, 1, 1, 0, 2, 1, 1, 2, 1, 3, 0, 1) * 2,
    (4, 0, 4, 0, 4, 1, 4, 0, 4, 0, 4, 0) * 2,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One request of somebody at one host, and what goes wrong with it."""

    number: int
    host: int
    act: Act
    person: int
    passes: float  # seconds of true time before it
    harm: bool  # in the project of graded content; else in the mild one
    crash_at: int = 0  # the statement, counted through the step's transactions
    crash_at_commit: bool = False
    drop_at: int = 0
    suspend_at: int = 0
    lost: bool = False
    jump: float = 0.0
    reboot: bool = False
    heal: bool = False

    @property
    def dice(self) -> random.Random:
        return random.Random(f"step {self.number}")  # noqa: S311 a test's dice


@dataclass(frozen=True, slots=True)
class Plan:
    """One history. The same seed is the same plan; steps can be taken out of it."""

    seed: int
    one_machine: bool  # the three hosts are three processes beside one another
    honest: tuple[float, ...]  # how far each machine's clock is off while it follows a server
    clock_faults: bool
    queue: bool  # SQLite: the queue of writers; without it the database says *busy*
    keep: float
    severities: tuple[int, ...]
    veil_tier: int
    steps: tuple[Step, ...] = field(default=(), repr=False)

    def with_steps(self, steps: Sequence[Step]) -> "Plan":
        return replace(self, steps=tuple(steps))


def make(seed: int) -> Plan:
    """Return the plan of a seed."""
    dice = random.Random(f"plan {seed}")  # noqa: S311 a test's dice
    one_machine = dice.random() < 0.5
    clock_faults = dice.random() < 0.45
    plan = Plan(
        seed=seed,
        one_machine=one_machine,
        honest=tuple(dice.choice((0.0, 0.0, 0.5, -0.5, 1.0)) for _ in range(HOSTS)),
        clock_faults=clock_faults,
        queue=dice.random() < 0.85,
        keep=dice.choice((0.9, 0.7, 0.4)),
        severities=dice.choice(SEVERITIES),
        veil_tier=dice.choice((1, 2, 2, 3)),
    )
    return plan.with_steps(_steps(dice, plan))


def _steps(dice: random.Random, plan: Plan) -> list[Step]:
    pace = dice.choice(_PACES)
    crashes, losses = dice.choice((0.0, 0.04, 0.1)), dice.choice((0.0, 0.05, 0.15))
    people = dice.sample(range(PEOPLE), dice.choice((1, 2, PEOPLE, PEOPLE)))
    theme = dice.choice(_THEMES)
    weights = [each * (_OFTEN if act in theme else 1) for act, each in _WEIGHTS.items()]
    silent = plan.clock_faults and not plan.one_machine and dice.random() < 0.4
    steps = []
    for number in range(STEPS):
        # The first machine keeps the time at the start; when it is silent, nobody ticks.
        first = 1 if silent and number < STEPS * 2 // 3 else 0
        step = Step(
            number=number,
            host=dice.randrange(first, HOSTS),
            act=dice.choices(list(_WEIGHTS), weights)[0],
            person=dice.choice(people),
            passes=dice.choice(_LONG) if dice.random() < 0.04 else dice.choice(pace),
            harm=dice.random() < 0.75,
            crash_at=dice.randrange(1, 30) if dice.random() < crashes else 0,
            crash_at_commit=dice.random() < crashes / 3,
            drop_at=dice.randrange(1, 20) if dice.random() < crashes / 3 else 0,
            suspend_at=dice.randrange(1, 15) if dice.random() < 0.02 else 0,
            lost=dice.random() < losses,
        )
        steps.append(_disturbed(dice, step) if plan.clock_faults else step)
    return steps


def _disturbed(dice: random.Random, step: Step) -> Step:
    chance = dice.random()
    if chance < 0.06:
        return replace(step, jump=dice.choice(JUMPS) * dice.choice((1, -1)))
    if chance < 0.09:
        return replace(step, reboot=True)
    if chance < 0.13:
        return replace(step, heal=True)
    return step
