"""What the gate is told about a labeler, a project and a candidate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from labelhub.domain.vocabulary import ItemId, PersonId, ProjectId, Severity
from labelhub.domain.welfare.dose import least_display
from labelhub.domain.welfare.night import MainSleep
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.timeline import HARD, WorkState
from labelhub.domain.welfare.windows import Measure, WindowDose


@dataclass(frozen=True, slots=True)
class OptOuts:
    """What the labeler declines, in force at the moment of the decision.

    `item` and `project` are about one id. `category` is about every item that carries the
    hazard, in all projects. `severity` declines the tier and all above it. `today` declines
    S2 and above until a daily rest (L-14) has been taken after it.
    """

    items: frozenset[ItemId] = frozenset()
    categories: frozenset[str] = frozenset()
    projects: frozenset[ProjectId] = frozenset()
    severity: Severity | None = None
    today_at: datetime | None = None  # the latest, in gate time


@dataclass(frozen=True, slots=True)
class PersonalBreak:
    """A break the labeler took without being told to, or *I need a moment*."""

    started_at: datetime
    until: datetime | None  # None: until the labeler comes back


@dataclass(frozen=True, slots=True)
class LabelerState:
    """A labeler as the gate sees them, read after their turn was taken (safety-case.md, R2).

    `policy` is the effective one for the candidate's project. `work` is settled. Times are
    gate time, but `local_now` is the verified wall clock in the person's zone, and
    `shift_ends_at` any aware wall time. A fact that is unknown is None and refuses.
    """

    labeler_id: PersonId
    policy: Policy
    work: WorkState
    windows: tuple[WindowDose, ...]
    engaged: bool  # holds the labeler's role where the project is open
    suspended: bool
    clock_verified: bool
    local_now: datetime | None
    consents: Mapping[Severity, datetime] = field(default_factory=dict)  # given at
    opt_outs: OptOuts = OptOuts()
    highest_tier: Severity = Severity.S4  # lower while a finding restricts the organisation
    personal_break: PersonalBreak | None = None
    continued_at: datetime | None = None  # the last *continue* declared at 50 % (L-06)
    shift_ends_at: datetime | None = None  # the shift in progress; None: none is planned
    main_sleep: MainSleep | None = None  # None: the policy's night

    def window(self, measure: Measure, length: timedelta) -> WindowDose | None:
        """Find the dose of one rolling window; None if it was not supplied."""
        for dose in self.windows:
            if dose.measure is measure and dose.window == length:
                return dose
        return None


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What a project declares in its content notice."""

    project_id: ProjectId
    max_severity: Severity
    veil_tier: Severity | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item as the gate sees it, without its text.

    `screened` means that a severity is on record with its source. A record that says
    *unknown* is `screened` with severity None.
    """

    item_id: ItemId
    project: ProjectFacts
    severity: Severity | None
    screened: bool
    hazards: tuple[str, ...] = ()
    words: int | None = None  # None: not counted, hence refused
    prohibited: bool = False  # class P, or stopped as possibly prohibited

    @property
    def tier(self) -> Severity:
        """Return the severity that is charged: unknown is the project's maximum, at least S2."""
        if self.severity is None:
            return max(self.project.max_severity, HARD)
        return self.severity

    @property
    def veiled(self) -> bool:
        """Say whether the text waits behind the veil until *Show*."""
        return self.project.veil_tier is not None and self.tier >= self.project.veil_tier

    @property
    def needed(self) -> timedelta:
        """Return the least display worth granting."""
        return least_display(self.words or 0)
