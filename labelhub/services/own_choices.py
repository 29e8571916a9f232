"""What a labeler declined and agreed to: seeing it, and changing their mind about it.

Wanting less acts at once. Wanting more loosens a limit: it waits a day and is asked twice (W-5,
L-20), and only the labeler can want it. What was chosen holds until the second yes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import OptOutScope, PersonId, Severity
from labelhub.domain.welfare.rules.optouts import today_ends
from labelhub.domain.welfare.timeline import HARD, resumed
from labelhub.services import hiding, leases
from labelhub.services.limits import holding
from labelhub.store import (
    assignments,
    choices,
    joinings,
    labelers,
    notices,
    own_choices,
    policies,
    record,
)
from labelhub.store.labelers import Turn
from labelhub.store.notices import Notice
from labelhub.store.own_choices import Consented, Declined

SLIP = timedelta(minutes=5)
"""As long as an answer can be undone, so can a key that was pressed by mistake (decision 0009)."""
_SLIPS = frozenset({OptOutScope.CATEGORY, OptOutScope.PROJECT})
NOT_HERE = frozenset({OptOutScope.ITEM})
"""A declined item stays declined: to ask about it, its text would have to come again."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An opt-out as its labeler reads it. `name` is empty where the scope says it all.

    `confirm_from`: its end was asked for, and can be confirmed from then. `lapses`: it ends then
    by itself if nothing is done meanwhile.
    """

    scope: OptOutScope
    subject: str
    name: str
    since: datetime
    confirm_from: datetime | None = None
    lapses: datetime | None = None
    slip_until: datetime | None = None  # chosen a moment ago: it can be ended at once until then


@dataclass(frozen=True, slots=True)
class Consent:
    """Where a severity stands: at most one of the times but `since` is set."""

    severity: Severity
    since: datetime
    until: datetime | None = None  # it holds, and lapses then
    confirm_from: datetime | None = None  # asked for again after it was taken back
    withdrawn_at: datetime | None = None

    @property
    def lapsed(self) -> bool:
        return (self.until, self.confirm_from, self.withdrawn_at) == (None, None, None)


@dataclass(frozen=True, slots=True)
class Mine:
    declined: tuple[Choice, ...]
    items: tuple[tuple[str, int], ...]  # single items declined, by the project's title
    consents: tuple[Consent, ...]
    askers: tuple[Notice, ...]  # projects that ask for a consent
    now: datetime  # what the times are to be compared with


def mine(session: Session, person_id: PersonId, clock: Clock) -> Mine:
    """Return all that the labeler chose, with times as clocks on the wall show them."""
    turn = labelers.peek_turn(session, person_id, clock)
    ahead = turn.wall - turn.now
    standing = own_choices.declined(session, person_id)
    offered = [notice for notice, _joined in notices.open_to(session, person_id)]
    names = _names(session, standing, offered)
    day = _day_ends(session, turn, standing)
    listed = [
        Choice(
            one.scope, one.subject, names.get(one.subject, one.subject), one.since,
            confirm_from=None if one.until is None else one.until + ahead,
            lapses=day + ahead if day is not None and one.scope is OptOutScope.TODAY else None,
            slip_until=one.since + SLIP + ahead if _slipped(one, turn.now) else None,
        )
        for one in standing
        if one.scope is not OptOutScope.TODAY or day is not None
    ]  # fmt: skip
    latest = {one.severity: one for one in own_choices.consents(session, person_id)}
    return Mine(
        declined=tuple(listed),
        items=tuple(own_choices.items_declined(session, person_id)),
        consents=tuple(_consent(latest[each], turn.now, ahead) for each in sorted(latest)),
        askers=tuple(notice for notice in offered if notice.max_severity >= HARD),
        now=turn.wall,
    )


def ask_end(
    session: Session, person_id: PersonId, scope: OptOutScope, subject: str, clock: Clock
) -> bool:
    """Take the first of two steps to end an opt-out; False where there is nothing to ask for."""
    turn = labelers.take_turn(session, person_id, clock)
    if scope in NOT_HERE or not _ask_end(session, turn, scope, subject):
        return False
    _tell(session, turn, {"scope": scope.value, "subject": subject, "end": "asked"})
    return True


def confirm_end(
    session: Session, person_id: PersonId, scope: OptOutScope, subject: str, clock: Clock
) -> bool:
    """End an opt-out by the second yes, or a slip at once; False where a day has not passed."""
    turn = labelers.take_turn(session, person_id, clock)
    if scope in NOT_HERE or not _confirm_end(session, turn, scope, subject):
        return False
    _tell(session, turn, {"scope": scope.value, "subject": subject, "end": "confirmed"})
    return True


def keep(
    session: Session, person_id: PersonId, scope: OptOutScope, subject: str, clock: Clock
) -> bool:
    """Keep an opt-out whose end was asked for; at once, since it tightens."""
    turn = labelers.take_turn(session, person_id, clock)
    if not own_choices.keep(session, person_id, scope, subject):
        return False
    _tell(session, turn, {"scope": scope.value, "subject": subject, "end": "kept"})
    return True


def come_back(session: Session, turn: Turn, project: str) -> None:
    """Come back to a project that was left: joining it anew is a step like those on the page.

    The caller holds the turn and writes the event.
    """
    if not _confirm_end(session, turn, OptOutScope.PROJECT, project):
        _ask_end(session, turn, OptOutScope.PROJECT, project)


def withdraw(session: Session, person_id: PersonId, severity: Severity, clock: Clock) -> bool:
    """Take a consent back, and those to anything worse; the item on screen goes with it.

    Also forgets a yes that waits for its second step. It acts at once, in every state.
    """
    return take_back(session, hiding.settled_turn(session, person_id, clock), severity)


def take_back(session: Session, turn: Turn, severity: Severity) -> bool:
    """Withdraw under a turn that the caller holds; unticking a consent when joining does it too."""
    given = {
        one.severity
        for one in own_choices.consents(session, turn.person_id)
        if one.severity >= severity and (one.asked or one.held(turn.now))
    }
    for each in sorted(given):
        choices.withdraw_consent(session, turn.person_id, each, turn.now)
    if not given:
        return False
    _put_away(session, turn, severity)
    _tell(session, turn, {"withdrawn": sorted(int(each) for each in given)})
    return True


def ask_consent(session: Session, person_id: PersonId, severity: Severity, clock: Clock) -> bool:
    """Say yes to a severity that was taken back: the first of two steps."""
    turn = labelers.take_turn(session, person_id, clock)
    seen = [
        one.preview_version
        for one in own_choices.consents(session, person_id)
        if one.severity is severity and one.withdrawn_at is not None
    ]
    if not seen or not _ask_consent(session, person_id, severity, seen[-1], turn.now):
        return False
    _tell(session, turn, {"consent": int(severity), "step": "asked"})
    return True


def agree_again(
    session: Session, person_id: PersonId, severity: Severity, preview_version: str, now: datetime
) -> None:
    """Take whichever step is next of a yes after a no: joining a project may be either.

    The caller holds the turn and writes the event.
    """
    if not _confirm_consent(session, person_id, severity, now):
        _ask_consent(session, person_id, severity, preview_version, now)


def confirm_consent(
    session: Session, person_id: PersonId, severity: Severity, clock: Clock
) -> bool:
    """Say yes for the second time; it holds from now on."""
    turn = labelers.take_turn(session, person_id, clock)
    if not _confirm_consent(session, person_id, severity, turn.now):
        return False
    _tell(session, turn, {"consent": int(severity), "step": "confirmed"})
    return True


def _ask_end(session: Session, turn: Turn, scope: OptOutScope, subject: str) -> bool:
    until = turn.now + holding.labeler_delay(session, turn.person_id, turn.now)
    return own_choices.ask_end(session, turn.person_id, scope, subject, until)


def _confirm_end(session: Session, turn: Turn, scope: OptOutScope, subject: str) -> bool:
    ripe = any(
        (one.scope, one.subject) == (scope, subject)
        and (_slipped(one, turn.now) or (one.until is not None and one.until <= turn.now))
        for one in own_choices.declined(session, turn.person_id)
    )
    return ripe and choices.end_opt_out(session, turn.person_id, scope, subject, turn.now)


def _slipped(one: Declined, now: datetime) -> bool:
    """Whether the choice is so fresh that it may have been a slip; limits of severity never are."""
    return one.scope in _SLIPS and one.until is None and now - one.since < SLIP


def _ask_consent(
    session: Session, person_id: PersonId, severity: Severity, preview_version: str, now: datetime
) -> bool:
    known = own_choices.consents(session, person_id)
    if any(one.severity is severity and (one.asked or one.held(now)) for one in known):
        return False
    delay = holding.labeler_delay(session, person_id, now)
    own_choices.ask_consent(session, person_id, severity, preview_version, now, delay)
    return True


def _confirm_consent(
    session: Session, person_id: PersonId, severity: Severity, now: datetime
) -> bool:
    lifetime = policies.shipped().consent_lifetime(severity)
    return own_choices.confirm_consent(session, person_id, severity, now, lifetime)


def _put_away(session: Session, turn: Turn, severity: Severity) -> None:
    """End what is on screen if it needed the consent; the item goes back to the queue."""
    assignment = assignments.find_open(session, turn.person_id)
    if assignment is None:
        return
    tier = max(assignment.severity, assignment.item_severity or assignment.severity)
    if tier < severity:
        return
    work = hiding.hide(session, turn.person_id, turn.work, turn.now)
    labelers.keep_work(session, turn.person_id, work)
    leases.give_back(session, assignment, "released", "released", turn.now)


def _tell(session: Session, turn: Turn, what: dict[str, object]) -> None:
    """Write the event. Its kind names no choice: what was chosen is in the sealed payload."""
    organisation = joinings.employer(session, turn.person_id, "")
    if organisation is not None:
        record.append(
            session, organisation, turn.person_id, "choice", what, turn.now, turn.wall
        )  # fmt: skip


def _names(session: Session, standing: list[Declined], offered: list[Notice]) -> dict[str, str]:
    """Return what the subjects are called: projects by title, kinds as their projects name them."""
    projects = [one.subject for one in standing if one.scope is OptOutScope.PROJECT]
    kinds = {code: name for notice in offered for code, name in notice.hazards.items()}
    return {**kinds, **own_choices.titles(session, projects)}


def _day_ends(session: Session, turn: Turn, standing: list[Declined]) -> datetime | None:
    """Return when *no hard content today* ends; None where it is not chosen, or has ended."""
    since = [one.since for one in standing if one.scope is OptOutScope.TODAY]
    if not since:
        return None
    limits = [policies.shipped()]
    for notice, joined in notices.open_to(session, turn.person_id):
        locked = labelers.lock_state(session, turn, notice.slug) if joined else None
        if locked is not None:
            limits.append(locked.state.policy)
    strictest = max(limits, key=lambda one: one.daily_rest)
    return today_ends(since[0], resumed(turn.work, strictest, turn.now), strictest.daily_rest)


def _consent(one: Consented, now: datetime, ahead: timedelta) -> Consent:
    if one.asked:
        return Consent(one.severity, one.given_at, confirm_from=one.effective_at + ahead)
    if one.withdrawn_at is not None:
        return Consent(one.severity, one.given_at, withdrawn_at=one.withdrawn_at)
    until = one.expires_at + ahead if one.held(now) else None
    return Consent(one.severity, one.given_at, until=until)
