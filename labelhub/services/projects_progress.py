"""What a researcher's page tells of a project; nothing that says who declined what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session

from labelhub.domain.projects import Project, Scope
from labelhub.store import project_progress, projects
from labelhub.store.project_progress import Coincidence, ItemCount

DAYS = 14
FEWEST = 5
"""k: fewer people than this are not counted in front of others (decisions.md, People)."""
_IN_PROJECT = frozenset({"ready", "prohibited"})


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of a list of projects."""

    project: Project
    items: int
    accepted: int
    wanted: int
    per_day: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """One project. `labelers` is None where there are too few to tell."""

    items: int
    accepted: int
    wanted: int
    per_day: tuple[tuple[date, int], ...]
    labelers: int | None
    tiers: tuple[tuple[int, int], ...]
    unscreened: int
    stopped: int
    veiled: int
    votes_only: int
    coincidence: Coincidence

    @property
    def remaining(self) -> int:
        return self.wanted - self.accepted

    def days_left(self) -> int | None:
        """Return how long the rest takes at the pace of the last seven days, if there is one."""
        week = sum(count for _, count in self.per_day[-7:])
        return None if week == 0 else -(-self.remaining * 7 // week)


def of(session: Session, scope: Scope, slug: str, now: datetime) -> Progress:
    project = projects.get_by_slug(session, scope, slug)
    counts = project_progress.items(session, (project.id,))
    served = [count for count in counts if count.state in _IN_PROJECT]
    screened = [count for count in served if count.tier is not None and count.state == "ready"]
    joined = project_progress.labelers(session, project.id)
    tiers: dict[int, int] = {}
    for count in screened:
        if count.tier is not None:
            tiers[count.tier] = tiers.get(count.tier, 0) + count.items
    return Progress(
        items=_total(served),
        accepted=sum(count.accepted for count in screened),
        wanted=sum(count.wanted for count in screened),
        per_day=_days(session, [project], now)[0],
        labelers=None if 0 < joined < FEWEST else joined,
        tiers=tuple(sorted(tiers.items())),
        unscreened=_total([c for c in served if c.tier is None and c.state == "ready"]),
        stopped=_total([count for count in served if count.state == "prohibited"]),
        veiled=sum(n for tier, n in tiers.items() if tier >= project.declared.veil_tier),
        votes_only=_total([count for count in counts if count.state == "votes_only"]),
        coincidence=project_progress.coincidence(session, project.id),
    )


def totals(session: Session, scope: Scope) -> list[Summary]:
    """Return every project of some organisations with its counts, the newest first."""
    found = projects.belonging_to(session, scope)
    counts = project_progress.items(session, [project.id for project in found])
    return [_summary(each, [c for c in counts if c.project_id == each.id]) for each in found]


def summaries(session: Session, scope: Scope, now: datetime) -> list[Summary]:
    """Return the same with the ratings of each of the last days."""
    listed = totals(session, scope)
    days = _days(session, [each.project for each in listed], now)
    return [
        replace(each, per_day=tuple(count for _, count in per_day))
        for each, per_day in zip(listed, days, strict=True)
    ]


def _summary(project: Project, counts: Sequence[ItemCount]) -> Summary:
    served = [count for count in counts if count.state == "ready" and count.tier is not None]
    return Summary(
        project=project,
        items=_total([count for count in counts if count.state in _IN_PROJECT]),
        accepted=sum(count.accepted for count in served),
        wanted=sum(count.wanted for count in served),
    )


def _days(
    session: Session, found: Sequence[Project], now: datetime
) -> list[tuple[tuple[date, int], ...]]:
    days = [now.date() - timedelta(days=back) for back in reversed(range(DAYS))]
    since = datetime.combine(days[0], datetime.min.time(), now.tzinfo)
    counted = project_progress.per_day(session, [project.id for project in found], since)
    return [tuple((day, counted.get((project.id, day), 0)) for day in days) for project in found]


def _total(counts: Sequence[ItemCount]) -> int:
    return sum(count.items for count in counts)
