"""A labeler as the gate sees them, read after their turn was taken (safety-case.md, R2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import (
    AssignmentId,
    InstrumentName,
    OrganisationId,
    PersonId,
    ProjectId,
    Role,
    Severity,
)
from labelhub.domain.welfare.facts import LabelerState, OptOuts, PersonalBreak, ProjectFacts
from labelhub.domain.welfare.night import block, soonest_night
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.record import from_record, to_record
from labelhub.domain.welfare.timeline import NEW, WorkState
from labelhub.domain.welfare.windows import WindowDose, questions
from labelhub.store import (
    assignments,
    carried,
    charges,
    choices,
    declarations,
    gate_clock,
    main_sleeps,
    policies,
    record,
    turns,
    zones,
)
from labelhub.store.prepared import Prepared
from labelhub.tables import metadata

_PERSON = metadata.tables["person"]
_PROJECT = metadata.tables["project"]
_JOINING = metadata.tables["joining"]
_MEMBERSHIP = metadata.tables["membership"]
_OPENING = metadata.tables["project_opening"]
_INSTALLATION = metadata.tables["installation"]
_BREAK = metadata.tables["rest_break"]

GATE_VERSION = 1
"""What this program's gate knows; below the installation's minimum it refuses to serve."""


@dataclass(frozen=True, slots=True)
class Place:
    """The project a labeler works in, and for whom."""

    project_id: ProjectId
    organisation_id: OrganisationId
    vendor_organisation_id: OrganisationId
    slug: str
    title: str
    language: str
    instrument: InstrumentName
    instrument_version: int
    guidelines_version: int
    hazards: tuple[dict[str, str], ...]
    render_style: str
    facts: ProjectFacts
    paused: bool


@dataclass(frozen=True, slots=True)
class Locked:
    """A labeler at their turn: the state for the gate, the place, and what time it is."""

    state: LabelerState
    place: Place
    now: datetime
    wall: datetime

    def with_work(self, work: WorkState) -> "Locked":
        return replace(self, state=replace(self.state, work=work))


@dataclass(frozen=True, slots=True)
class Turn:
    """A person's turn with gate time and their stored work; enough to hide, submit or rest."""

    person_id: PersonId
    number: int
    work: WorkState
    now: datetime
    wall: datetime
    verified: bool
    open_id: AssignmentId | None = None  # the one open when the turn was taken
    held: bool = False  # taken, not looked at
    shared: bool = False  # limits and findings are held still already


def take_turn(
    session: Session, person_id: PersonId, clock: Clock, *, sharing: bool = False
) -> Turn:
    """Take the person's turn, then read gate time: in this order (R2, R4).

    *sharing* holds limits and findings still in the same breath, for whoever goes on to decide.
    """
    held = turns.take(session, person_id)
    statement = _AT_TURN_SHARING if sharing and policies.can_change(session) else _AT_TURN
    row = statement.one_or_none(session, {"person": person_id})
    tick = gate_clock.ticked(session, clock, row)
    work = from_record(held.record) if held.record else NEW
    now = max(tick.gate_time, *_seen(work)) if _seen(work) else tick.gate_time
    return Turn(
        person_id, held.number, work, now, clock.now(), tick.verified,
        open_id=row.open_id, held=True, shared=sharing,
    )  # fmt: skip


def glance(session: Session, person_id: PersonId, slug: str, clock: Clock) -> Locked | None:
    """Return a labeler's state without taking their turn: for pages that decide nothing."""
    return lock_state(session, peek_turn(session, person_id, clock), slug)


def peek_turn(session: Session, person_id: PersonId, clock: Clock) -> Turn:
    """Return a person's work and gate time without waiting for their turn."""
    tick = gate_clock.peek(session, clock)
    held = turns.peek(session, person_id)
    work = from_record(held.record) if held.record else NEW
    return Turn(person_id, held.number, work, tick.gate_time, clock.now(), tick.verified)


def keep_work(session: Session, person_id: PersonId, work: WorkState) -> None:
    turns.save(session, person_id, to_record(work))


def lock_state(session: Session, turn: Turn, slug: str) -> Locked | None:
    """Return everything a decision needs about the labeler in a project.

    None where the project does not exist, or the person has not joined it in an organisation
    that may work on it: to them it is not there.
    """
    if not turn.shared:
        policies.share(session)
    row = _STANDING.one_or_none(session, {"person": turn.person_id, "slug": slug})
    if row is None:
        return None
    place = _place(row)
    if turn.held:
        record.expect(session, place.vendor_organisation_id, turn.person_id, record.tip_of(row))
    limits = _limits(session, turn, place) if row.limited else policies.shipped_alone().policy
    sleep = main_sleeps.in_force(session, turn.person_id, turn.now) if row.sleeps else None
    state = LabelerState(
        labeler_id=turn.person_id,
        policy=limits,
        work=turn.work,
        windows=_windows(session, turn, limits, with_carried=bool(row.carried)),
        engaged=row.minimum_gate_version <= GATE_VERSION and not place.paused,
        suspended=row.suspended_at is not None,
        clock_verified=turn.verified,
        local_now=_local(
            turn, zones.counting(row.zone, row.earlier_zones, turn.now), block(limits.night, sleep)
        ),
        consents=choices.consents(session, turn.person_id, turn.now) if row.consented else {},
        opt_outs=choices.opt_outs(session, turn.person_id) if row.opted_out else OptOuts(),
        personal_break=None if row.rests_since is None else PersonalBreak(row.rests_since, None),
        continued_at=row.continued_at,
        main_sleep=sleep,
    )
    return Locked(state, place, turn.now, turn.wall)


_BEGUN = gate_clock.READ.add_columns(assignments.OPEN.label("open_id"))
_AT_TURN = Prepared(_BEGUN)
_AT_TURN_SHARING = Prepared(_BEGUN.add_columns(policies.SHARED))
_STANDING = Prepared(
    sa.select(
        _PROJECT,
        _JOINING.c.organisation_id.label("vendor_organisation_id"),
        _PERSON.c.suspended_at,
        _PERSON.c.zone,
        _PERSON.c.earlier_zones,
        _INSTALLATION.c.minimum_gate_version,
        _BREAK.c.started_at.label("rests_since"),
        choices.CONSENTED.label("consented"),
        choices.OPTED_OUT.label("opted_out"),
        declarations.LAST_CONTINUED.label("continued_at"),
        policies.LIMITED.label("limited"),
        main_sleeps.DECLARED.label("sleeps"),
        carried.ANY.label("carried"),
        *record.TIP,
    )
    .select_from(_PERSON)
    .join(_JOINING, _JOINING.c.person_id == _PERSON.c.id)
    .join(_PROJECT, _PROJECT.c.id == _JOINING.c.project_id)
    .join(
        _MEMBERSHIP,
        sa.and_(
            _MEMBERSHIP.c.person_id == _PERSON.c.id,
            _MEMBERSHIP.c.organisation_id == _JOINING.c.organisation_id,
            _MEMBERSHIP.c.role == Role.LABELER,
            _MEMBERSHIP.c.ended_at.is_(None),
        ),
    )
    .join(
        _OPENING,
        sa.and_(
            _OPENING.c.project_id == _PROJECT.c.id,
            _OPENING.c.organisation_id == _JOINING.c.organisation_id,
            _OPENING.c.closed_at.is_(None),
        ),
    )
    .join(_INSTALLATION, _INSTALLATION.c.id == 1)
    .outerjoin(_BREAK, sa.and_(_BREAK.c.person_id == _PERSON.c.id, _BREAK.c.ended_at.is_(None)))
    .outerjoin(record.CHAIN, record.of_person(_JOINING.c.organisation_id, _PERSON.c.id))
    .where(
        _PERSON.c.id == sa.bindparam("person"),
        _PROJECT.c.slug == sa.bindparam("slug"),
        _JOINING.c.left_at.is_(None),
    )
)


def _windows(
    session: Session, turn: Turn, limits: Policy, *, with_carried: bool
) -> tuple[WindowDose, ...]:
    asked = questions(limits, turn.work, turn.now)
    return charges.answer(session, turn.person_id, asked, turn.now, with_carried=with_carried)


def _limits(session: Session, turn: Turn, place: Place) -> Policy:
    return policies.in_force(
        session, place.vendor_organisation_id, place.project_id, turn.person_id, turn.now
    ).policy


def _seen(work: WorkState) -> tuple[datetime, ...]:
    """Return the latest moments on record: gate time never runs behind them."""
    shown = (work.showing.shown_at,) if work.showing else ()
    idle = (work.idle_since,) if work.idle_since else ()
    return (*shown, *idle)


def _local(turn: Turn, places: Sequence[str], night: tuple[time, timedelta]) -> datetime | None:
    """Return the verified wall clock where the person is; where they moved, the stricter one."""
    if not turn.verified:
        return None
    try:
        local = [turn.wall.astimezone(ZoneInfo(place)) for place in places]
    except (ZoneInfoNotFoundError, ValueError):
        return None
    return local[0] if len(local) == 1 else soonest_night(night, local)


def _place(row: Any) -> Place:
    return Place(
        project_id=ProjectId(row.id),
        organisation_id=OrganisationId(row.organisation_id),
        vendor_organisation_id=OrganisationId(row.vendor_organisation_id),
        slug=row.slug,
        title=row.title,
        language=row.language,
        instrument=InstrumentName(row.instrument),
        instrument_version=row.instrument_version,
        guidelines_version=row.guidelines_version,
        hazards=tuple(
            {"code": kind["id"], "name": kind["name"], "definition": kind["definition"]}
            for kind in orjson.loads(row.hazards)
        ),
        render_style=row.render_style,
        facts=ProjectFacts(
            ProjectId(row.id),
            Severity(row.max_severity),
            Severity(row.veil_tier) if row.veil_tier <= Severity.S4 else None,
        ),
        paused=row.paused_at is not None,
    )
