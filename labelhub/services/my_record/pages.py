"""What the pages of a labeler's record show; times in it are those of clocks on the wall."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import PersonId
from labelhub.services.my_record import charts
from labelhub.services.my_record import standing as standings
from labelhub.services.my_record.charts import Line
from labelhub.services.my_record.standing import Standing
from labelhub.store import carried, labelers, looks, own_choices, people
from labelhub.store.my_record import choices, decisions, exposures, limits, times
from labelhub.store.my_record.choices import Declaration, OptOut
from labelhub.store.my_record.decisions import Decision, Engagement
from labelhub.store.my_record.exposures import OpenExposure, OwnExposure
from labelhub.store.my_record.limits import Setting
from labelhub.store.own_choices import Consented

Look = looks.Look
Break = times.Break

DAYS = 28
PAGE = 100
_FEW = 5
_MOST_CHOICES = 200
"""The page lists as many of each kind; the download holds all."""
_PAID_BREAK = "break"


@dataclass(frozen=True, slots=True)
class Summary:
    standing: Standing
    lines: tuple[Line, ...]
    looks: tuple[Look, ...]
    exposures: int
    carried: tuple[carried.CarriedRecord, ...]


@dataclass(frozen=True, slots=True)
class Exposures:
    """A page of exposures; `older` is what the next page begins below."""

    shown: tuple[OwnExposure, ...]
    open_now: OpenExposure | None
    older: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day where the person is: what was paid by kind, what was shown, and own breaks.

    `unpaid` is the time of own breaks beyond what is paid of them (L-21).
    """

    date: date
    paid: Mapping[str, int]
    items: int
    shown_s: int
    charge_ps: int
    breaks: tuple[Break, ...]

    @property
    def unpaid(self) -> int:
        taken = sum(
            (each.ended_at - each.started_at).total_seconds()
            for each in self.breaks
            if each.ended_at is not None
        )
        return max(0, int(taken) - self.paid.get(_PAID_BREAK, 0))


@dataclass(frozen=True, slots=True)
class Choices:
    consents: tuple[Consented, ...]
    opt_outs: tuple[OptOut, ...]
    declarations: tuple[Declaration, ...]
    engagements: tuple[Engagement, ...]
    decisions: tuple[Decision, ...]
    names: Mapping[str, str]  # of those who decided
    looks: tuple[Look, ...]
    standing: Standing
    settings: tuple[Setting, ...]


def summary(session: Session, person_id: PersonId, clock: Clock) -> Summary:
    standing = standings.of(session, person_id, clock)
    return Summary(
        standing=standing,
        lines=charts.lines(session, person_id, standing),
        looks=tuple(looks.at(session, person_id, _FEW)),
        exposures=exposures.count(session, person_id),
        carried=tuple(carried.records(session, person_id)),
    )


def exposures_page(
    session: Session, person_id: PersonId, before: int | None, clock: Clock
) -> Exposures:
    """Return a page of exposures, newest first."""
    turn = labelers.peek_turn(session, person_id, clock)
    ahead = turn.wall - turn.now
    found = exposures.page(session, person_id, before, PAGE + 1)
    shown = [on_the_wall(each, ahead) for each in found[:PAGE]]
    older = found[PAGE - 1].seq if len(found) > PAGE else None
    showing = turn.work.showing if before is None else None
    open_now = None if showing is None else exposures.open_now(session, person_id, showing.shown_at)
    if open_now is not None:
        open_now = replace(open_now, shown_at=open_now.shown_at + ahead)
    return Exposures(tuple(shown), open_now, older, exposures.count(session, person_id))


def days(session: Session, person_id: PersonId, clock: Clock, many: int = DAYS) -> list[Day]:
    """Return the last days where the person is, today first."""
    turn = labelers.peek_turn(session, person_id, clock)
    ahead = turn.wall - turn.now
    zone = zone_of(people.get(session, person_id).zone)
    today = turn.wall.astimezone(zone).date()
    dates = [today - timedelta(days=back) for back in range(many)]
    return days_of(session, person_id, dates, zone, ahead)


def days_of(
    session: Session, person_id: PersonId, dates: list[date], zone: ZoneInfo, ahead: timedelta
) -> list[Day]:
    bounds = [
        (_midnight(day, zone) - ahead, _midnight(day + timedelta(days=1), zone) - ahead)
        for day in dates
    ]
    paid = times.paid_by_day(session, person_id, bounds)
    seen = exposures.days(session, person_id, bounds)
    breaks = times.breaks(session, person_id, min(start for start, _end in bounds))
    return [
        Day(day, owed, *counts, tuple(_breaks_of(breaks, start, end, ahead)))
        for day, owed, counts, (start, end) in zip(dates, paid, seen, bounds, strict=True)
    ]


def choices_page(session: Session, person_id: PersonId, clock: Clock) -> Choices:
    """Return what the labeler chose, what others decided, and the limits with their history."""
    standing = standings.of(session, person_id, clock)
    decided = decisions.about(session, person_id)
    by = {UUID(each.by) for each in decided if len(each.by) == len(str(person_id))}
    names = decisions.names(session, by)
    settings = limits.history(
        session,
        person_id,
        [place.vendor_id for place in standing.places],
        [place.project_id for place in standing.places],
    )
    return Choices(
        consents=tuple(reversed(own_choices.consents(session, person_id))),
        opt_outs=tuple(choices.opt_outs(session, person_id, _MOST_CHOICES)),
        declarations=tuple(choices.declarations(session, person_id, _MOST_CHOICES)),
        engagements=tuple(decisions.engagements(session, person_id)),
        decisions=tuple(decided[:_MOST_CHOICES]),
        names={str(person): name for person, name in names.items()},
        looks=tuple(looks.at(session, person_id, _MOST_CHOICES)),
        standing=standing,
        settings=tuple(settings),
    )


def on_the_wall(each: OwnExposure, ahead: timedelta) -> OwnExposure:
    return replace(each, shown_at=each.shown_at + ahead, hidden_at=each.hidden_at + ahead)


def _breaks_of(
    breaks: list[Break], start: datetime, end: datetime, ahead: timedelta
) -> list[Break]:
    """Return the breaks that belong to a day: by their end, or by their beginning while open."""
    return [
        Break(
            each.kind,
            each.started_at + ahead,
            None if each.ended_at is None else each.ended_at + ahead,
        )
        for each in breaks
        if start <= (each.ended_at or each.started_at) < end
    ]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
