"""Limits as the four layers set them, and the strictest of all."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import OrganisationId, PersonId, ProjectId
from labelhub.domain.welfare.layers import Effective, Layer, effective
from labelhub.domain.welfare.policy import Policy
from labelhub.resources import resource_dir
from labelhub.store import gate_clock
from labelhub.store.prepared import Prepared, dialect_of
from labelhub.tables import metadata

_SETTING = metadata.tables["policy_setting"]
_JOINING = metadata.tables["joining"]
_PERSON = metadata.tables["person"]
_SHARED = 7_140_001
"""Advisory lock of PostgreSQL: serving holds it shared, whoever changes limits holds it alone."""


def share(session: Session) -> None:
    """Hold limits and findings still until the transaction ends, beside other readers.

    A change of them waits for serves already deciding; once it is acknowledged, every later
    serve sees it. SQLite has one writer at a time, so there it holds anyway.
    """
    if can_change(session):
        _LOCK_SHARED.all(session, {})


def can_change(session: Session) -> bool:
    """Whether another transaction could change them meanwhile, so that `SHARED` is needed."""
    return dialect_of(session) == "postgresql"


def hold_alone(session: Session) -> None:
    """Wait until no serve is deciding; call before changing limits, openings or findings."""
    if can_change(session):
        _LOCK_ALONE.all(session, {})


def in_force(
    session: Session,
    vendor: OrganisationId,
    project: ProjectId,
    labeler: PersonId,
    now: datetime,
) -> Effective:
    """Return the strictest of installation, vendor, project and labeler at *now*."""
    asked = {
        "vendor": vendor.hex, "project": project.hex, "labeler": labeler.hex, "now": now
    }  # fmt: skip
    rows = _IN_FORCE.all(session, asked)
    latest = {row.layer: row.document for row in rows}  # ordered: the last one stays
    return _combined(tuple(sorted(latest.items())))


def shipped_alone() -> Effective:
    """Return what holds where no layer has set anything."""
    return _combined(())


def reached(session: Session) -> datetime:
    """Return the gate time on record, which every host has reached: none runs behind it.

    What begins then holds on all of them at once.
    """
    found: datetime = session.connection().execute(gate_clock.READ).one().gate_time
    return found


def commit(
    session: Session,
    layer: Layer,
    subject: str,
    policy: Policy,
    *,
    now: datetime,
    effective_at: datetime,
) -> None:
    """Store a layer's limits; they hold from *effective_at*."""
    session.connection().execute(
        sa.insert(_SETTING),
        {
            "layer": layer.value, "subject": subject,
            "document": orjson.dumps(policy.to_mapping()).decode(),
            "committed_at": now, "effective_at": effective_at,
        },
    )  # fmt: skip


def of_layer(session: Session, layer: Layer, subject: str, now: datetime) -> Policy | None:
    """Return what one layer has set, if anything."""
    document = (
        session.connection()
        .execute(
            sa.select(_SETTING.c.document)
            .where(
                _SETTING.c.layer == layer.value,
                _SETTING.c.subject == subject,
                _SETTING.c.effective_at <= now,
            )
            .order_by(_SETTING.c.effective_at.desc(), _SETTING.c.id.desc())
            .limit(1)
        )
        .scalar_one_or_none()
    )
    return None if document is None else _policy(document)


@lru_cache(maxsize=1)
def shipped() -> Policy:
    """Return the default limits (working-standards.md, part B)."""
    path = resource_dir("seed") / "policy" / "default.json"
    return Policy.from_mapping(orjson.loads(path.read_bytes()))


@lru_cache(maxsize=512)
def _combined(documents: tuple[tuple[str, str], ...]) -> Effective:
    """Combine layers; remembered by their very text, so that no change can be missed."""
    layers = {Layer(name): _policy(document) for name, document in documents}
    return effective({Layer.INSTALLATION: shipped(), **layers})


@lru_cache(maxsize=512)
def _policy(document: str) -> Policy:
    return Policy.from_mapping(orjson.loads(document), partial=True)


def _layers(vendor: Any, project: Any, labeler: Any) -> sa.ColumnElement[bool]:
    """Say whether a setting is of the installation, or of one of these."""
    subjects = {Layer.VENDOR: vendor, Layer.PROJECT: project, Layer.LABELER: labeler}
    return sa.or_(
        sa.and_(_SETTING.c.layer == Layer.INSTALLATION.value, _SETTING.c.subject == ""),
        *(
            sa.and_(_SETTING.c.layer == layer.value, _SETTING.c.subject == subject)
            for layer, subject in subjects.items()
        ),
    )


def _hex(column: Any) -> sa.ColumnElement[str]:
    return sa.func.replace(sa.cast(column, sa.Text), "-", "")


_IN_FORCE = Prepared(
    sa.select(_SETTING.c.layer, _SETTING.c.document)
    .where(
        _layers(*(sa.bindparam(name) for name in ("vendor", "project", "labeler"))),
        _SETTING.c.effective_at <= sa.bindparam("now"),
    )
    .order_by(_SETTING.c.effective_at, _SETTING.c.id)
)
LIMITED = sa.exists().where(
    _layers(_hex(_JOINING.c.organisation_id), _hex(_JOINING.c.project_id), _hex(_PERSON.c.id))
)
"""Whether anything but the shipped limits can hold for the joining and person of the row."""
SHARED = sa.func.pg_advisory_xact_lock_shared(_SHARED).label("shared")
"""What `share` does, for a statement that comes before the first that reads what is held."""
_LOCK_SHARED = Prepared(sa.select(SHARED))
_LOCK_ALONE = Prepared(sa.select(sa.func.pg_advisory_xact_lock(_SHARED)))
