"""Many histories, one after the other: what they came to together, and the first that fails."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from labelhub.store.database import Database
from tests.simulation.history import Arena, Report
from tests.simulation.plan import Fault, Plan, make
from tests.simulation.shrinking import shrink, told


@dataclass
class Total:
    """What a number of histories came to."""

    histories: int = 0
    with_clock_faults: int = 0
    served: int = 0
    answers: int = 0
    commits: int = 0
    passes: int = 0
    gained_s: float = 0.0
    hits: Counter[Fault] = field(default_factory=Counter)
    failed: str = ""  # the first that failed, as small as it could be made

    def add(self, report: Report) -> None:
        self.histories += 1
        self.with_clock_faults += report.plan.clock_faults
        self.served += report.served
        self.answers += report.answers
        self.commits += report.commits
        self.passes += report.passes
        self.gained_s = max(self.gained_s, report.gained_s)
        self.hits.update(report.hits)

    def line(self) -> str:
        return (
            f"{self.histories} histories, {self.with_clock_faults} with clock faults: "
            f"{self.served} texts sent, {self.answers} answers, {self.commits} commits, "
            f"{self.passes} changes of thread, at most {self.gained_s:g} s credited too much"
        )

    def never(self) -> list[Fault]:
        """Return the kinds of fault that did not occur."""
        return [fault for fault in Fault if not self.hits[fault]]


def run_all(database: Database, seeds: Iterable[int], *, shrinking: bool = True) -> Total:
    """Run the histories of *seeds* until one fails; that one is shrunk, which takes a while."""
    arena, total = Arena(database), Total()
    try:
        for seed in seeds:
            report = arena.run(make(seed))
            total.add(report)
            if report.wrong:
                total.failed = _failure(arena, report) if shrinking else "\n".join(report.wrong)
                break
    finally:
        arena.close()
    return total


def _failure(arena: Arena, report: Report) -> str:
    def fails(plan: Plan) -> bool:
        return bool(arena.run(plan).wrong)

    small = shrink(report.plan, fails)
    wrong = arena.run(small).wrong or report.wrong
    return (
        f"SIMULATION_SEED={report.plan.seed} fails:\n  "
        + "\n  ".join(report.wrong[:8])
        + f"\nwith {len(small.steps)} of its {len(report.plan.steps)} steps:\n"
        + told(small.steps)
        + "\n  "
        + "\n  ".join(wrong[:4])
    )
