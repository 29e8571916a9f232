"""Joining a project: what it may bring, and the labeler's own yes."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson
from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import PersonId, Severity
from labelhub.domain.welfare.forecast import Forecast, forecast
from labelhub.domain.welfare.timeline import HARD
from labelhub.services import gap_time, hiding, own_choices
from labelhub.store import choices, forecasts, joinings, notices, policies, record
from labelhub.store.notices import Notice

__all__ = [
    "Asked", "Notice", "consents_asked", "guidelines_for", "join", "kinds", "notice_for", "preview",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A severity that needs consent: whether it is given, and how long a yes lasts."""

    severity: Severity
    given: bool
    lifetime: timedelta
    forecast: Forecast | None = None


def notice_for(session: Session, person_id: PersonId, slug: str) -> Notice | None:
    """Return what a project declares, if it is open to this labeler."""
    if joinings.find(session, person_id, slug) is None:
        return None
    return notices.find(session, slug)


def guidelines_for(session: Session, person_id: PersonId, slug: str) -> Notice | None:
    """Return the guidelines: while the project is open to the labeler, or they work in it.

    Whoever has joined, or holds an item, can read what is asked although it is paused or closed.
    """
    if joinings.may_read(session, person_id, slug):
        return notices.find(session, slug)
    return notice_for(session, person_id, slug)


def kinds(session: Session, notice: Notice) -> list[str]:
    """Return the names of the kinds of harm that items of the project carry, as it lists them."""
    present = notices.kinds(session, notice.slug)
    return [name for code, name in notice.hazards.items() if code in present]


def consents_asked(
    session: Session, person_id: PersonId, notice: Notice, now: datetime
) -> list[Asked]:
    """Return the severities of the project that need a yes; S0 and S1 need none."""
    given = choices.consents(session, person_id, now)
    limits = policies.shipped()
    return [
        Asked(severity, severity in given, limits.consent_lifetime(severity))
        for severity in Severity
        if HARD <= severity <= notice.max_severity
    ]


def preview(session: Session, asked: Collection[Asked], notice: Notice) -> list[Asked]:
    """Return what is asked with what a labeler should know first: how much, and how sure."""
    project_id = joinings.project_id(session, notice.slug)
    if not asked or project_id is None:
        return list(asked)
    items = forecasts.items_by_severity(session, project_id)
    found = forecasts.found(session, project_id)
    return [replace(one, forecast=forecast(one.severity, items, found)) for one in asked]


def join(
    session: Session, person_id: PersonId, slug: str, agreed: Collection[Severity], clock: Clock
) -> bool:
    """Join a project with the consents ticked; False where it is not open to this labeler.

    A first consent, and one renewed after it lapsed, hold at once. One given after it was taken
    back, and coming back to a project that was left, wait and are asked twice (W-5, L-20). One
    that is no longer ticked is taken back at once.
    """
    turn = hiding.settled_turn(session, person_id, clock)
    joinable = joinings.find(session, person_id, slug)
    notice = notices.find(session, slug)
    if joinable is None or notice is None:
        return False
    asked = consents_asked(session, person_id, notice, turn.now)
    for one in asked:
        if one.severity in agreed and not one.given:
            _consent(session, person_id, one, notice.version, turn.now)
    unticked = [one.severity for one in asked if one.given and one.severity not in agreed]
    if unticked:
        own_choices.take_back(session, turn, min(unticked))
    gap_time.read_guidelines(session, turn, joinable)
    joinings.join(session, person_id, joinable, turn.now)
    own_choices.come_back(session, turn, joinable.project_id.hex)
    record.append(
        session, joinable.organisation_id, person_id, "joined",
        {
            "project": joinable.project_id.hex,
            "consents": orjson.dumps(sorted(int(one) for one in agreed)).decode(),
        },
        turn.now, turn.wall,
    )  # fmt: skip
    return True


def _consent(
    session: Session, person_id: PersonId, asked: Asked, version: str, now: datetime
) -> None:
    if choices.ever_withdrew(session, person_id, asked.severity):
        own_choices.agree_again(session, person_id, asked.severity, version, now)
        return
    choices.give_consent(
        session, person_id, asked.severity, version, now, lifetime=asked.lifetime, delay=timedelta()
    )
