"""The policy: every limit in force, read from data, never looser than its ceiling."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from typing import Annotated, Any, Self, get_type_hints

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare import policy_file
from labelhub.domain.welfare.limits import (
    Bound,
    LimitId,
    Unit,
    at_least,
    at_most,
    each_at_least,
    each_at_most,
)
from labelhub.domain.welfare.night import Night, night_bound
from labelhub.domain.welfare.ramp import RampStep, RampUp, ramp_bound

_RAMP_CEILING = RampUp((RampStep(1, Severity.S3, 100), RampStep(11, Severity.S4, 100)))
"""L-18: at least ten days in total before the ramp-up is over."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits of working-standards.md, part B.

    Built by `from_mapping`, a policy is never looser than the ceilings. The numbers here
    are the ceilings; shipped values are in seed/policy/default.json. No number is a
    proven safe level.
    """

    # Points are kept as integer point-seconds: charge_ps = weight * seconds.
    # A tuple holds one value for each severity, S0 first; a `Severity` is its index.
    weights: Annotated[tuple[int, ...], each_at_least(LimitId.L_01, Unit.WEIGHT, (0, 1, 6, 20, 60))]
    longest_display: Annotated[
        tuple[timedelta, ...], each_at_most(LimitId.A_1, Unit.MINUTES, (30, 10, 6, 4, 2))
    ]
    dose_hour: Annotated[int, at_most(LimitId.L_02, Unit.POINTS, 400)]
    dose_day: Annotated[int, at_most(LimitId.L_03, Unit.POINTS, 1_600)]
    dose_week: Annotated[int, at_most(LimitId.L_04, Unit.POINTS, 6_400)]
    dose_month: Annotated[int, at_most(LimitId.L_05, Unit.POINTS, 19_200)]
    # L-06 names no ceiling; its values are their own.
    mix_action: Annotated[int, at_most(LimitId.L_06, Unit.PERCENT, 25)]
    declaration_action: Annotated[int, at_most(LimitId.L_06, Unit.PERCENT, 50)]
    notice_action: Annotated[int, at_most(LimitId.L_06, Unit.PERCENT, 75)]
    severe_hour: Annotated[int, at_most(LimitId.L_07, Unit.ITEMS, 2)]
    severe_day: Annotated[int, at_most(LimitId.L_07, Unit.ITEMS, 6)]
    severe_week: Annotated[int, at_most(LimitId.L_07, Unit.ITEMS, 18)]
    run_graphic: Annotated[int, at_most(LimitId.L_08, Unit.ITEMS, 3)]
    run_hard: Annotated[int, at_most(LimitId.L_08, Unit.ITEMS, 6)]
    mix: Annotated[int, at_most(LimitId.L_09, Unit.ITEMS, 8)]
    continuous_work: Annotated[timedelta, at_most(LimitId.L_10, Unit.MINUTES, 60)]
    work_break: Annotated[timedelta, at_least(LimitId.L_10, Unit.MINUTES, 5)]
    hard_work: Annotated[timedelta, at_most(LimitId.L_11, Unit.MINUTES, 30)]
    hard_break: Annotated[timedelta, at_least(LimitId.L_11, Unit.MINUTES, 10)]
    split_first: Annotated[timedelta, at_least(LimitId.L_11, Unit.MINUTES, 5)]
    split_second: Annotated[timedelta, at_least(LimitId.L_11, Unit.MINUTES, 10)]
    long_work: Annotated[timedelta, at_most(LimitId.L_12, Unit.MINUTES, 270)]
    long_break: Annotated[timedelta, at_least(LimitId.L_12, Unit.MINUTES, 30)]
    work_day_hard: Annotated[timedelta, at_most(LimitId.L_13, Unit.HOURS, 7)]
    work_day: Annotated[timedelta, at_most(LimitId.L_13, Unit.HOURS, 9)]
    work_span: Annotated[timedelta, at_most(LimitId.L_13, Unit.HOURS, 12)]
    daily_rest: Annotated[timedelta, at_least(LimitId.L_14, Unit.HOURS, 10)]
    work_week: Annotated[timedelta, at_most(LimitId.L_15, Unit.HOURS, 48)]
    weekly_rest: Annotated[timedelta, at_least(LimitId.L_15, Unit.HOURS, 30)]
    hard_rest: Annotated[timedelta, at_least(LimitId.L_15, Unit.HOURS, 48)]
    cool_down: Annotated[timedelta, at_least(LimitId.L_16, Unit.MINUTES, 10)]
    cool_down_again: Annotated[timedelta, at_least(LimitId.L_16, Unit.MINUTES, 20)]
    period_start: Annotated[timedelta, at_least(LimitId.L_17, Unit.MINUTES, 5)]
    shift_end: Annotated[timedelta, at_least(LimitId.L_17, Unit.MINUTES, 15)]
    night: Annotated[Night, night_bound(LimitId.L_17, Night(time(22), time(6)))]
    ramp_up: Annotated[RampUp, ramp_bound(LimitId.L_18, _RAMP_CEILING)]
    return_gap: Annotated[timedelta, at_most(LimitId.L_18, Unit.DAYS, 14)]
    return_percent: Annotated[int, at_most(LimitId.L_18, Unit.PERCENT, 50)]
    return_days: Annotated[int, at_least(LimitId.L_18, Unit.EXPOSURE_DAYS, 3)]
    consent_s2: Annotated[timedelta, at_most(LimitId.L_19, Unit.DAYS, 180)]
    consent_s3: Annotated[timedelta, at_most(LimitId.L_19, Unit.DAYS, 90)]
    consent_s4: Annotated[timedelta, at_most(LimitId.L_19, Unit.DAYS, 30)]
    delay_labeler: Annotated[timedelta, at_least(LimitId.L_20, Unit.HOURS, 24)]
    delay_others: Annotated[timedelta, at_least(LimitId.L_20, Unit.DAYS, 7)]
    discretionary_break: Annotated[timedelta, at_least(LimitId.L_21, Unit.MINUTES, 15)]
    check_in_interval: Annotated[timedelta, at_least(LimitId.L_22, Unit.MINUTES, 60)]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], *, partial: bool = False) -> Self:
        """Return the policy a file or row describes.

        A *partial* policy (a vendor's, a project's, a labeler's layer) may leave limits
        out: it then says nothing about them. The installation's must name every one.

        Raises:
            PolicyError: a key, value or unit is unknown, missing or looser than its ceiling.

        """
        values = policy_file.read(mapping, bounds())
        if missing := bounds().keys() - values.keys():
            if not partial:
                raise policy_file.missing(missing)
            values |= {name: bounds()[name].ceiling for name in missing}
        return cls(**values)

    def to_mapping(self) -> dict[str, Any]:
        """Return what `from_mapping` reads: plain JSON values with their units."""
        return policy_file.write({name: getattr(self, name) for name in bounds()}, bounds())

    def tightened_by(self, other: "Policy") -> "Policy":
        """Return the stricter of each limit. Nothing loosens one.

        Associative, commutative and idempotent, so that layers combine in any order.
        """
        return Policy(
            **{
                name: bound.stricter(getattr(self, name), getattr(other, name))
                for name, bound in bounds().items()
            }
        )

    def consent_lifetime(self, severity: Severity) -> timedelta:
        """Return how long a consent to *severity* lasts; S0 and S1 need none."""
        lifetimes = {
            Severity.S2: self.consent_s2,
            Severity.S3: self.consent_s3,
            Severity.S4: self.consent_s4,
        }
        return lifetimes[severity]


@cache
def bounds() -> Mapping[str, Bound]:
    """Return each value's bound by its name, in the order of working-standards.md."""
    hints = get_type_hints(Policy, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


@cache
def ceiling() -> Policy:
    """Return the least protective policy the software accepts; it tightens nothing."""
    return Policy(**{name: bound.ceiling for name, bound in bounds().items()})
