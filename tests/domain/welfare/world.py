"""The small world of the welfare tests: policies, people, candidates, and a desk to serve at."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from labelhub.domain.vocabulary import ItemId, PersonId, ProjectId, Severity
from labelhub.domain.welfare import timeline
from labelhub.domain.welfare.dose import Charge
from labelhub.domain.welfare.facts import Candidate, LabelerState, ProjectFacts
from labelhub.domain.welfare.gate import decide
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.night import Night
from labelhub.domain.welfare.policy import Policy, bounds
from labelhub.domain.welfare.ramp import RampStep, RampUp
from labelhub.domain.welfare.timeline import NEW, WorkState
from labelhub.domain.welfare.verdicts import Admission, Reason, Refusal
from labelhub.domain.welfare.windows import questions, windows_from_charges

S0, S1, S2, S3, S4 = Severity

ZERO = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""Second 0 of every story: a Monday morning."""

AMINA = PersonId(UUID(int=1))
ITEM = ItemId(UUID(int=10))
PROJECT = ProjectFacts(ProjectId(UUID(int=20)), S4)

DEFAULT_FILE = Path(__file__).parents[3] / "seed/policy/default.json"
SHIPPED_MAPPING: dict[str, Any] = json.loads(DEFAULT_FILE.read_text(encoding="utf-8"))
SHIPPED = Policy.from_mapping(SHIPPED_MAPPING)

NEVER = 1_000_000_000
LONG_AGO = timedelta(days=3650)

UNBOUND = {
    LimitId.L_06: {
        "mix_action": NEVER,
        "declaration_action": NEVER,
        "notice_action": NEVER,
    },
    LimitId.L_14: {"daily_rest": timedelta(0)},
    LimitId.L_15: {
        "work_week": LONG_AGO,
        "weekly_rest": timedelta(0),
        "hard_rest": timedelta(0),
    },
    LimitId.L_17: {
        "period_start": timedelta(0),
        "shift_end": timedelta(0),
        "night": Night(time(23, 59), time(0, 0)),
    },
    LimitId.L_18: {
        "ramp_up": RampUp((RampStep(1, S4, 100),)),
        "return_percent": 100,
    },
}
"""Values of a limit that never bind. They are beyond the ceilings: only tests can have them."""

VECTORS = replace(SHIPPED, **{k: v for values in UNBOUND.values() for k, v in values.items()})
"""Default limits, but L-06, L-14, L-15, L-17 and L-18 do not bind (working-standards.md, B.2)."""

OPEN = replace(
    VECTORS,
    longest_display=(timedelta(hours=8),) * 5,
    dose_hour=NEVER,
    dose_day=NEVER,
    dose_week=NEVER,
    dose_month=NEVER,
    severe_hour=NEVER,
    severe_day=NEVER,
    severe_week=NEVER,
    run_graphic=NEVER,
    run_hard=NEVER,
    mix=NEVER,
    continuous_work=LONG_AGO,
    hard_work=LONG_AGO,
    long_work=LONG_AGO,
    work_day_hard=LONG_AGO,
    work_day=LONG_AGO,
    work_span=LONG_AGO,
    cool_down=timedelta(0),
    cool_down_again=timedelta(0),
    consent_s2=LONG_AGO,
    consent_s3=LONG_AGO,
    consent_s4=LONG_AGO,
)
"""Nothing binds, so that a test can make one limit bind alone."""

EXPERIENCED = replace(
    NEW,
    first_at=ZERO - timedelta(days=100),
    last_hard_at=ZERO - timedelta(days=3),
    ramp_days=60,
    ramp_day_start=ZERO - timedelta(days=1),
)
"""Sixty days with exposure, S2+ three days ago, nothing since."""


TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
FIVE_MINUTES = timedelta(minutes=5)
HOUR, DAY, WEEK, MONTH = (timedelta(hours=number) for number in (1, 24, 168, 672))


def at(seconds: float) -> datetime:
    return ZERO + timedelta(seconds=seconds)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def asked(severity: Severity | None, **changes: Any) -> Candidate:
    """Return a screened candidate of *severity* with a short text."""
    return Candidate(
        **{
            "item_id": ITEM,
            "project": PROJECT,
            "severity": severity,
            "screened": True,
            "words": 50,
            **changes,
        }
    )


def labeler_at(
    now: datetime,
    policy: Policy = VECTORS,
    work: WorkState = EXPERIENCED,
    charges: Sequence[Charge] = (),
    **changes: Any,
) -> LabelerState:
    """Return Amina at *now*: engaged, consenting, her windows summed from *charges*."""
    return LabelerState(
        **{
            "labeler_id": AMINA,
            "policy": policy,
            "work": work,
            "windows": windows_from_charges(charges, questions(policy, work, now), now),
            "engaged": True,
            "suspended": False,
            "clock_verified": True,
            "local_now": now,
            "consents": dict.fromkeys((S2, S3, S4), ZERO - timedelta(days=1)),
            **changes,
        }
    )


@dataclass
class Desk:
    """Serves items to one labeler by the gate, as the services do, without a database."""

    policy: Policy = VECTORS
    work: WorkState = EXPERIENCED
    charges: tuple[Charge, ...] = ()

    def settle(self, now: datetime) -> None:
        self.work, charge = timeline.settled(self.work, self.policy, now)
        self._keep(charge)

    def ask(self, severity: Severity, seconds: float, **changes: Any) -> Admission | Refusal:
        """Ask the gate and record nothing."""
        now = at(seconds)
        self.settle(now)
        labeler = labeler_at(now, self.policy, self.work, self.charges, **changes)
        return decide(labeler, asked(severity), now)

    def serve(
        self, severity: Severity, seconds: float, active: float = 60, **changes: Any
    ) -> Admission | Refusal:
        """Ask, and if admitted show the item for *active* seconds."""
        decision = self.ask(severity, seconds, **changes)
        if isinstance(decision, Admission):
            self.work = timeline.served(
                self.work, self.policy, decision.severity, decision.granted, at(seconds)
            )
            self.work, charge = timeline.hidden(self.work, self.policy, at(seconds + active))
            self._keep(charge)
        return decision

    def serves(self, severity: Severity, seconds: float, active: float = 60) -> Admission:
        """Serve what must be admitted for the story to go on."""
        decision = self.serve(severity, seconds, active)
        assert isinstance(decision, Admission), decision
        return decision

    def _keep(self, charge: Charge | None) -> None:
        if charge is not None:
            self.charges = (*self.charges, charge)


def refused_by(decision: Admission | Refusal) -> set[LimitId | None]:
    """Return the limits that refused; empty if admitted."""
    return {hold.limit for hold in decision.holds} if isinstance(decision, Refusal) else set()


def admitted(decision: Admission | Refusal) -> bool:
    return isinstance(decision, Admission)


def only(*limits: LimitId) -> Policy:
    """Return a policy in which the shipped values of *limits* bind, and nothing else."""
    return replace(
        OPEN,
        **{name: getattr(SHIPPED, name) for name, b in bounds().items() if b.limit in limits},
    )


def verdict(
    policy: Policy,
    severity: Severity,
    work: WorkState = EXPERIENCED,
    charges: tuple[Charge, ...] = (),
    now: datetime = ZERO,
    **changes: Any,
) -> Admission | Refusal:
    return decide(labeler_at(now, policy, work, charges, **changes), asked(severity), now)


def held(decision: Admission | Refusal, reason: Reason) -> bool:
    """Say whether the item was refused; then it was for *reason* alone."""
    if isinstance(decision, Refusal):
        assert {hold.reason for hold in decision.holds} == {reason}
    return isinstance(decision, Refusal)


def spent(charge_ps: int, ago: timedelta = FIVE_MINUTES, severity: Severity = S2) -> Charge:
    return Charge(ZERO - ago, severity, 60, charge_ps)


def layer(**values: Any) -> Policy:
    """Return a layer that says something about the named limits only."""
    return Policy.from_mapping(document(**values), partial=True)


def document(**values: Any) -> dict[str, Any]:
    return {
        "schema": "labelhub-policy-v1",
        "limits": {
            key: {"value": value, "unit": str(bounds()[key].unit)} for key, value in values.items()
        },
    }
