"""A month of the record to read on paper: days first, then every exposure, a piece at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import PersonId
from labelhub.services.my_record import pages
from labelhub.services.my_record import standing as standings
from labelhub.services.my_record.pages import Day
from labelhub.services.my_record.standing import Standing
from labelhub.store import labelers, people
from labelhub.store.my_record import exposures
from labelhub.store.my_record.exposures import OwnExposure

_MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Month:
    """A month where the person is. `exposures` are read as they are asked for, oldest first."""

    name: str
    email: str
    first: date
    days: tuple[Day, ...]
    standing: Standing
    exposures: Iterator[OwnExposure]


def month(session: Session, person_id: PersonId, first: date | None, clock: Clock) -> Month:
    """Return the month that begins on *first*, or the present one."""
    standing = standings.of(session, person_id, clock)
    person, ahead = people.get(session, person_id), standing.ahead
    zone = pages.zone_of(person.zone)
    first = (first or standing.turn.wall.astimezone(zone).date()).replace(day=1)
    after = _next(first)
    dates = [first + timedelta(days=number) for number in range((after - first).days)]
    start, end = (_midnight(day, zone) - ahead for day in (first, after))
    return Month(
        name=person.name,
        email=person.email,
        first=first,
        days=tuple(pages.days_of(session, person_id, dates, zone, ahead)),
        standing=standing,
        exposures=(
            pages.on_the_wall(each, ahead)
            for each in exposures.all_of(session, person_id, start, end)
        ),
    )


def months(session: Session, person_id: PersonId, clock: Clock) -> list[date]:
    """Return the first days of the months in which anything was shown, the newest first."""
    turn = labelers.peek_turn(session, person_id, clock)
    zone = pages.zone_of(people.get(session, person_id).zone)
    began = exposures.first_at(session, person_id)
    last = turn.wall.astimezone(zone).date().replace(day=1)
    first = last if began is None else (began + (turn.wall - turn.now)).astimezone(zone).date()
    found = [last]
    while found[-1] > first.replace(day=1) and len(found) < _MOST_MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
