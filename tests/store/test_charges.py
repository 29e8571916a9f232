"""Rolling windows from running sums equal plain summing, whatever the history (W-1, T-9)."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from labelhub.domain.vocabulary import ExposureId, PersonId, Severity
from labelhub.domain.welfare.dose import Charge, charge_ps
from labelhub.domain.welfare.windows import (
    DAY,
    HOUR,
    MONTH,
    WEEK,
    Measure,
    WindowQuestion,
    windows_from_charges,
)
from labelhub.store import charges, policies
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.worlds import START, Desk, HandClock, lay_desk

CHARGE = st.tuples(
    st.sampled_from([0, 1, 59, 60, 61, 600, 3_600, 86_400, 604_800, 2_000_000]),  # after the last
    st.sampled_from(list(Severity)),
    st.integers(0, 1_800),
)
QUESTION = st.builds(
    WindowQuestion,
    st.sampled_from(list(Measure)),
    st.sampled_from([timedelta(seconds=60), HOUR, DAY, WEEK, MONTH]),
    st.dictionaries(st.sampled_from(list(Severity)), st.integers(0, 50_000), max_size=3),
)


def _assign(session: Session, desk: Desk, place: int = 0) -> UUID:
    assignment = uuid4()
    session.connection().execute(
        sa.insert(metadata.tables["assignment"]),
        {**_common(desk, place), "id": assignment, "words": 1, "swapped": False,
         "guidelines_version": 1, "instrument_version": 1, "opened_at": START,
         "lease_until": START, "closed_at": START, "outcome": "expired"},
    )  # fmt: skip
    return assignment


def _common(desk: Desk, place: int) -> dict[str, object]:
    return {
        "person_id": desk.labelers[place], "organisation_id": desk.lab,
        "vendor_organisation_id": desk.vendor, "project_id": desk.project,
        "item_id": desk.items[0], "severity": 0,
    }  # fmt: skip


def _charged(
    session: Session, desk: Desk, assignment: UUID, charge: Charge, place: int = 0
) -> ExposureId:
    """Show something and hide it: an exposure with its charge."""
    exposure = ExposureId(uuid4())
    session.connection().execute(
        sa.insert(metadata.tables["exposure"]),
        {**_common(desk, place), "id": exposure, "assignment_id": assignment, "granted_s": 60,
         "shown_at": charge.hidden_at},
    )  # fmt: skip
    charges.append(session, PersonId(desk.labelers[place]), charge, charge.hidden_at)
    return exposure


@pytest.fixture
def desk(database: Database, clock: HandClock) -> Desk:
    return lay_desk(database, clock, labelers=2, items=[0])


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(CHARGE, max_size=14),
    st.lists(QUESTION, min_size=1, max_size=6),
    st.sampled_from([0, 1, 60, 3_599, 3_600, 86_400]),
    st.lists(st.tuples(st.integers(0, 13), st.sampled_from(list(Severity))), max_size=3),
)
def test_windows_equal_plain_summing(
    database: Database,
    desk: Desk,
    drawn: list[tuple[int, Severity, int]],
    asked: list[WindowQuestion],
    later: int,
    raised: list[tuple[int, Severity]],
) -> None:
    person, policy = PersonId(desk.labelers[0]), policies.shipped()
    history: list[Charge] = []
    at = START
    for gap, severity, active_s in drawn:
        at += timedelta(seconds=gap)
        ps = charge_ps(policy, severity, timedelta(seconds=active_s))
        history.append(Charge(at, severity, active_s, ps))
    now = at + timedelta(seconds=later)
    with database.writing() as session:
        assignment = _assign(session, desk)
        ids = [_charged(session, desk, assignment, charge) for charge in history]
        for place, severity in raised:
            if place < len(history) and severity > history[place].severity:
                _raise(session, person, ids[place], history, place, severity)
        assert charges.answer(session, person, asked, now) == windows_from_charges(
            history, asked, now
        )
        for table in ("charge", "exposure", "assignment"):
            session.connection().execute(sa.delete(metadata.tables[table]))


def _raise(
    session: Session,
    person: PersonId,
    exposure: ExposureId,
    history: list[Charge],
    place: int,
    severity: Severity,
) -> None:
    old = history[place]
    ps = charge_ps(policies.shipped(), severity, timedelta(seconds=old.active_s))
    charges.raise_severity(session, person, exposure, severity, ps)
    history[place] = Charge(old.hidden_at, severity, old.active_s, ps)


def test_a_window_is_half_open(database: Database, desk: Desk) -> None:
    person = PersonId(desk.labelers[0])
    asked = [WindowQuestion(Measure.POINTS, HOUR, {})]
    with database.writing() as session:
        _charged(session, desk, _assign(session, desk), Charge(START, Severity.S1, 60, 60))
        just_inside = START + HOUR - timedelta(microseconds=1)
        assert charges.answer(session, person, asked, just_inside)[0].spent == 60
        assert charges.answer(session, person, asked, START + HOUR)[0].spent == 0


def test_charges_are_each_persons_own(database: Database, desk: Desk) -> None:
    asked = [WindowQuestion(Measure.WORK, DAY, {})]
    with database.writing() as session:
        _charged(session, desk, _assign(session, desk), Charge(START, Severity.S1, 60, 60))
        other = PersonId(desk.labelers[1])
        assert charges.answer(session, other, asked, START)[0].spent == 0


def test_raising_never_lowers(database: Database, desk: Desk) -> None:
    person = PersonId(desk.labelers[0])
    asked = [WindowQuestion(Measure.POINTS, HOUR, {})]
    with database.writing() as session:
        charge = Charge(START, Severity.S3, 60, 1_200)
        exposure = _charged(session, desk, _assign(session, desk), charge)
        charges.raise_severity(session, person, exposure, Severity.S1, 60)
        assert charges.answer(session, person, asked, START)[0].spent == 1_200
