"""Labelers with a heavy month behind them, in a project where every rule has something to say."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from laying import Ids, bulk_insert
from sqlmodel import Session

from labelhub.clock import SystemClock
from labelhub.domain.vocabulary import OptOutScope, PersonId, Severity
from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.record import to_record
from labelhub.domain.welfare.timeline import NEW
from labelhub.identifiers import new_ordered_id
from labelhub.store import choices, policies
from labelhub.store.database import Database
from labelhub.tables import metadata

DAYS = 28
A_DAY = 100
RESTED = timedelta(hours=40)
"""The last exposure was this long ago: a weekly rest, so that all may work now."""
_TIERS = (0, 1, 1, 0, 1, 0, 1, 2, 0, 0)
_WEIGHTS = (0, 1, 6)
_ACTIVE_S = 60


def weigh_down(database: Database, ids: Ids) -> None:
    """Give every labeler 28 days of exposures, consents and opt-outs, and every layer limits."""
    now = SystemClock().now()
    tables = metadata.tables
    with database.reading() as session:
        item = session.connection().execute(sa.select(tables["item"].c.id).limit(1)).scalar_one()
    with database.writing() as session:
        _declare(session, ids, now)
    for person in ids.labelers:
        rows = _history(ids, person, item, now)
        for name in ("assignment", "exposure", "charge"):
            bulk_insert(database, tables[name], rows[name])


def _declare(session: Session, ids: Ids, now: datetime) -> None:
    project = metadata.tables["project"]
    hard = sa.update(project).where(project.c.id == ids.project).values(max_severity=4)
    session.connection().execute(hard)
    subjects = [(Layer.INSTALLATION, ""), (Layer.VENDOR, ids.vendor.hex)]
    subjects += [(Layer.PROJECT, ids.project.hex)]
    subjects += [(Layer.LABELER, person.hex) for person in ids.labelers]
    for number, (layer, subject) in enumerate(subjects):
        tighter = _limits(dose_day=900 - min(number, 4))
        policies.commit(session, layer, subject, tighter, now=now, effective_at=now)
    for person in ids.labelers:
        for tier in (Severity.S2, Severity.S3, Severity.S4):
            choices.give_consent(
                session, person, tier, "bench", now, lifetime=timedelta(days=30), delay=timedelta()
            )
        for kind in ("vcr", "prv"):
            choices.opt_out(session, person, OptOutScope.CATEGORY, kind, now)
        _work(session, person, now)


def _limits(**points: int) -> Policy:
    limits = {name: {"value": value, "unit": "points"} for name, value in points.items()}
    return Policy.from_mapping({"schema": "labelhub-policy-v1", "limits": limits}, partial=True)


def _work(session: Session, person: PersonId, now: datetime) -> None:
    gate = metadata.tables["person_gate"]
    last = now - RESTED
    work = replace(
        NEW, ramp_days=60, first_at=now - timedelta(days=60), last_hard_at=last - timedelta(days=1),
        idle_since=last, hard_week_start=now - timedelta(days=3), recent=(Severity.S0,) * 20,
        day_start=last - timedelta(hours=8), week_start=last - timedelta(days=4),
        period_start=last - timedelta(hours=1), ramp_day_start=last - timedelta(hours=8),
    )  # fmt: skip
    state = json.dumps(to_record(work))
    session.connection().execute(
        sa.update(gate).where(gate.c.person_id == person).values(state=state)
    )


def _history(
    ids: Ids, person: PersonId, item: UUID, now: datetime
) -> dict[str, list[dict[str, Any]]]:
    common = {
        "person_id": person, "organisation_id": ids.lab, "vendor_organisation_id": ids.vendor,
        "project_id": ids.project, "item_id": item,
    }  # fmt: skip
    assignment = {
        **common, "id": uuid4(), "severity": 0, "words": 100, "swapped": False,
        "guidelines_version": 1, "instrument_version": 1, "opened_at": now - timedelta(days=DAYS),
        "lease_until": now - RESTED, "closed_at": now - RESTED, "outcome": "expired",
    }  # fmt: skip
    rows: dict[str, list[dict[str, Any]]] = {
        "assignment": [assignment],
        "exposure": [],
        "charge": [],
    }
    many = DAYS * A_DAY
    spent = severe = 0
    for number in range(1, many + 1):
        tier = _TIERS[number % len(_TIERS)]
        spent += _WEIGHTS[tier] * _ACTIVE_S
        hidden = now - RESTED - timedelta(minutes=14) * (many - number)
        exposure = {
            **common, "id": new_ordered_id(), "assignment_id": assignment["id"], "severity": tier,
            "granted_s": 300, "shown_at": hidden - timedelta(seconds=_ACTIVE_S),
        }  # fmt: skip
        rows["exposure"].append(exposure)
        rows["charge"].append({
            "person_id": person, "seq": number, "exposure_id": exposure["id"],
            "hidden_at": hidden, "severity": tier, "active_s": _ACTIVE_S,
            "charge_ps": _WEIGHTS[tier] * _ACTIVE_S, "cumulative_ps": spent,
            "cumulative_s4": severe, "cumulative_active_s": number * _ACTIVE_S,
        })  # fmt: skip
    return rows
