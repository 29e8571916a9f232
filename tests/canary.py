"""The canary: every appearance of an item's mark in bytes sent needs an exposure recorded before.

Each test item's text holds `canary-<item id in hex>`. A journal says which bytes went to whom and
when; this module looks for marks in it and answers from the database, by plain SQL, whether each
was allowed (safety-case.md, M5). It imports nothing of LabelHub, so that it shares no mistake.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

MARK = re.compile(rb"canary-([0-9a-f]{32})")
SENT_AGAIN = 5
WEIGHTS = (0, 1, 6, 20, 60)
"""Points a minute, S0 to S4 (working-standards.md, L-01)."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """Bytes that left for a person, by gate time at the moment of the decision.

    Where only request and response are seen, `since` is when it was asked and `at` when it came.
    """

    person: UUID | None
    at: datetime
    body: bytes
    since: datetime | None = None

    @property
    def from_(self) -> datetime:
        return self.since or self.at


@dataclass(frozen=True, slots=True)
class Limits:
    """The most points, in point-seconds, that charges in a window may add up to."""

    hour_ps: int = 240 * 60
    day_ps: int = 960 * 60


@dataclass(frozen=True, slots=True)
class Shown:
    person: UUID
    item: UUID
    exposure: UUID
    at: datetime
    until: datetime
    again: int


@dataclass(frozen=True, slots=True)
class Story:
    """What the database says happened: exposures, charges, breaks and opt-outs of persons."""

    exposures: tuple[Shown, ...]
    charges: tuple[tuple[UUID, datetime, int], ...]
    breaks: tuple[tuple[UUID, datetime, datetime | None], ...]
    declined: tuple[tuple[UUID, str, str, datetime, datetime | None], ...]
    hazards: dict[UUID, frozenset[str]]
    projects: dict[UUID, UUID]


def scan(sent: Iterable[Sent], story: Story, limits: Limits = Limits()) -> list[str]:
    """Return one sentence for each thing that must not be; none when all is well."""
    wrong = []
    counted: dict[tuple[UUID, UUID], int] = {}
    for one in sent:
        for mark in {found.decode() for found in MARK.findall(one.body)}:
            item = UUID(mark)
            if one.person is None:
                wrong.append(f"item {item} was sent to nobody known")
                continue
            allowed = [
                shown
                for shown in story.exposures
                if (shown.person, shown.item) == (one.person, item)
                and shown.at <= one.at
                and one.from_ < shown.until
            ]
            if not allowed:
                wrong.append(f"item {item} reached {one.person} at {one.at} without an exposure")
                continue
            latest = max(allowed, key=lambda shown: shown.at)
            counted[one.person, latest.exposure] = counted.get((one.person, latest.exposure), 0) + 1
            wrong += _meanwhile(story, one.person, latest, one)
    wrong += [
        f"exposure {exposure} was sent {times} times"
        for (_, exposure), times in counted.items()
        if times > 1 + SENT_AGAIN
    ]
    return wrong + _too_often(story) + _over(story, limits)


def _meanwhile(story: Story, person: UUID, shown: Shown, sent: Sent) -> list[str]:
    """Return what had forbidden the showing before it was sent."""
    wrong = [
        f"item {shown.item} was sent to {person} in a break"
        for who, began, ended in story.breaks
        if who == person and began < sent.from_ and (ended is None or sent.at < ended)
    ]
    for who, scope, subject, began, ended in story.declined:
        if who != person or began >= sent.from_ or (ended is not None and sent.at >= ended):
            continue
        if _covers(story, scope, subject, shown.item):
            wrong.append(f"item {shown.item} was sent to {person} after they declined its {scope}")
    return wrong


def _covers(story: Story, scope: str, subject: str, item: UUID) -> bool:
    if scope == "item":
        return subject == item.hex
    if scope == "category":
        return subject in story.hazards.get(item, frozenset())
    return scope == "project" and subject == story.projects[item].hex


def _too_often(story: Story) -> list[str]:
    return [
        f"exposure {shown.exposure} is recorded as sent again {shown.again} times"
        for shown in story.exposures
        if shown.again > SENT_AGAIN
    ]


def _over(story: Story, limits: Limits) -> list[str]:
    """Return the persons whose charges went over a rolling window, recomputed by summing."""
    wrong = []
    for person in {person for person, _, _ in story.charges}:
        mine = sorted((at, ps) for who, at, ps in story.charges if who == person)
        for end, _ in mine:
            for window, most in ((HOUR, limits.hour_ps), (DAY, limits.day_ps)):
                spent = sum(ps for at, ps in mine if end - window < at <= end)
                if spent > most:
                    wrong.append(f"{person} took {spent} point-seconds in {window} up to {end}")
    return wrong


def read_story(connection: sa.Connection) -> Story:
    """Read what happened, by plain SQL."""
    again = dict(
        _rows(connection, "SELECT exposure_id, count(*) FROM showing GROUP BY exposure_id")
    )
    ended = {
        _uuid(exposure): _time(hidden)
        for exposure, hidden in _rows(connection, "SELECT exposure_id, hidden_at FROM charge")
    }
    exposures = []
    for exposure, person, item, at, granted in _rows(
        connection, "SELECT id, person_id, item_id, shown_at, granted_s FROM exposure"
    ):
        began = _time(at)
        # An exposure that was hidden early is over then; a moment later nothing may be sent.
        until = ended.get(_uuid(exposure), began + timedelta(seconds=granted))
        until += timedelta(microseconds=1)
        exposures.append(
            Shown(_uuid(person), _uuid(item), _uuid(exposure), began, until, again.get(exposure, 0))
        )
    return Story(
        tuple(exposures),
        tuple(
            (_uuid(person), _time(at), WEIGHTS[severity] * max(60, active_s))
            for person, at, severity, active_s in _rows(connection, _AS_ADMITTED)
        ),
        tuple(
            (_uuid(person), _time(began), _maybe(ended_at))
            for person, began, ended_at in _rows(
                connection, "SELECT person_id, started_at, ended_at FROM rest_break"
            )
        ),
        tuple(
            (_uuid(person), scope, subject, _time(began), _maybe(ended_at))
            for person, scope, subject, began, ended_at in _rows(
                connection, "SELECT person_id, scope, subject, started_at, ended_at FROM opt_out"
            )
        ),
        _hazards(_rows(connection, "SELECT item_id, category FROM item_hazard")),
        {
            _uuid(item): _uuid(project)
            for item, project in _rows(connection, "SELECT id, project_id FROM item")
        },
    )


_AS_ADMITTED = (
    "SELECT c.person_id, c.hidden_at, e.severity, c.active_s"
    " FROM charge c JOIN exposure e ON e.id = c.exposure_id"
)
"""At the severity that was admitted: a rating may raise a charge past a limit afterwards (W-9)."""


def _hazards(rows: Sequence[Any]) -> dict[UUID, frozenset[str]]:
    found: dict[UUID, frozenset[str]] = {}
    for item, category in rows:
        found[_uuid(item)] = found.get(_uuid(item), frozenset()) | {category}
    return found


def _rows(connection: sa.Connection, statement: str) -> Sequence[Any]:
    return connection.execute(sa.text(statement)).all()


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _time(value: Any) -> datetime:
    read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _maybe(value: Any) -> datetime | None:
    return None if value is None else _time(value)
