"""The ramp-up of new people: what each day with exposure allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.limits import Bound, LimitId, PolicyError, Unit, whole_number

_MOST_DAYS = 1000
_ALL = 100


@dataclass(frozen=True, slots=True)
class RampStep:
    """From this day on: the highest tier, and the part of L-02 to L-05 in percent."""

    from_day: int
    severity: Severity
    percent: int


@dataclass(frozen=True, slots=True)
class RampUp:
    """Steps by ascending day, the first on day 1, no two neighbours alike."""

    steps: tuple[RampStep, ...]

    def on(self, day: int) -> RampStep:
        """Return the step in force on *day* (the first day with exposure is 1)."""
        found = self.steps[0]
        for step in self.steps[1:]:
            if step.from_day <= day:
                found = step
        return found

    def with_other(self, other: "RampUp") -> "RampUp":
        """Return the ramp-up that allows each day no more than either."""
        days = sorted({step.from_day for step in (*self.steps, *other.steps)})
        steps: list[RampStep] = []
        for day in days:
            one, two = self.on(day), other.on(day)
            lower = RampStep(day, min(one.severity, two.severity), min(one.percent, two.percent))
            if not steps or _allows(steps[-1]) != _allows(lower):
                steps.append(lower)
        return RampUp(tuple(steps))


def ramp_bound(limit: LimitId, ceiling: RampUp) -> Bound:
    return Bound(
        limit=limit,
        unit=Unit.EXPOSURE_DAYS,
        ceiling=ceiling,
        stricter=RampUp.with_other,
        read=_read,
        write=lambda ramp: [
            {"from_day": s.from_day, "severity": s.severity.name, "percent": s.percent}
            for s in ramp.steps
        ],
        allowed="on each day no more than "
        + ", ".join(
            f"from day {s.from_day} {s.severity.name} {s.percent} %" for s in ceiling.steps
        ),
    )


def _allows(step: RampStep) -> tuple[Severity, int]:
    return step.severity, step.percent


def _read(value: object) -> RampUp:
    if not isinstance(value, list | tuple) or not value:
        raise PolicyError("is not a list of steps")
    steps = tuple(_read_step(step) for step in value)
    days = [step.from_day for step in steps]
    if days[0] != 1 or days != sorted(set(days)):
        raise PolicyError("does not begin on day 1 with ascending days")
    ramp = RampUp(steps)
    return ramp.with_other(ramp)  # steps that repeat their neighbour are dropped


def _read_step(value: object) -> RampStep:
    keys = {"from_day", "severity", "percent"}
    if not isinstance(value, Mapping) or set(value) != keys:
        raise PolicyError("has a step without exactly from_day, severity and percent")
    step: Mapping[str, Any] = value
    if step["severity"] not in list(Severity.__members__):
        raise PolicyError("has a severity that is none of S0 to S4")
    percent = whole_number(step["percent"], range(_ALL + 1))
    from_day = whole_number(step["from_day"], range(1, _MOST_DAYS))
    if percent > _ALL:
        raise PolicyError("has more than 100 percent")
    return RampStep(from_day, Severity[step["severity"]], percent)
