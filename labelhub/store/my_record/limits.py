"""The limits that held for a labeler: each layer's settings as they came, the newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import OrganisationId, PersonId, ProjectId
from labelhub.domain.welfare.layers import Layer
from labelhub.tables import metadata

_SETTING = metadata.tables["policy_setting"]


@dataclass(frozen=True, slots=True)
class Setting:
    """What one layer set, as the document it stored; times are gate time."""

    layer: Layer
    subject: str
    document: dict[str, Any]
    committed_at: datetime
    effective_at: datetime


def history(
    session: Session,
    person_id: PersonId,
    vendors: Iterable[OrganisationId],
    projects: Iterable[ProjectId],
) -> list[Setting]:
    """Return every setting of the layers that hold for a person, the newest first."""
    subjects = {
        Layer.INSTALLATION: [""],
        Layer.VENDOR: sorted({vendor.hex for vendor in vendors}),
        Layer.PROJECT: sorted({project.hex for project in projects}),
        Layer.LABELER: [person_id.hex],
    }
    statement = (
        sa.select(_SETTING)
        .where(
            sa.or_(
                *(
                    sa.and_(_SETTING.c.layer == layer.value, _SETTING.c.subject.in_(named))
                    for layer, named in subjects.items()
                )
            )
        )
        .order_by(_SETTING.c.effective_at.desc(), _SETTING.c.id.desc())
    )
    return [
        Setting(
            Layer(row.layer), row.subject, orjson.loads(row.document),
            row.committed_at, row.effective_at,
        )
        for row in session.connection().execute(statement)
    ]  # fmt: skip
