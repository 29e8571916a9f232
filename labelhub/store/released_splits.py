"""The split of every prompt that was ever released: later releases of the project keep it."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Project
from labelhub.domain.release.rated import Split
from labelhub.store.released_keys import Pages
from labelhub.tables import metadata

_SPLIT = metadata.tables["split_assignment"]
_SPLITS = {split.value: split for split in Split}
_STEP = 1_000


def splits(session: Session, project: Project) -> dict[str, Split]:
    """Return the splits that earlier releases gave, by prompt."""
    rows = _OF_PROJECT.page(session, {"project": project.id})
    return {prompt: _SPLITS[split] for prompt, split in rows}


def keep_splits(
    session: Session, project: Project, assigned: Mapping[str, Split], now: datetime
) -> None:
    """Keep the splits for every later release of the project."""
    connection = session.connection()
    known = splits(session, project)
    fresh = [
        {"project_id": project.id, "group_key": prompt, "split": split.value, "assigned_at": now}
        for prompt, split in assigned.items()
        if prompt not in known
    ]
    for start in range(0, len(fresh), _STEP):
        connection.execute(sa.insert(_SPLIT), fresh[start : start + _STEP])
    for prompt, split in assigned.items():
        if known.get(prompt, split) is not split:
            connection.execute(
                sa.update(_SPLIT)
                .where(_SPLIT.c.project_id == project.id, _SPLIT.c.group_key == prompt)
                .values(split=split.value)
            )


_OF_PROJECT = Pages(
    sa.select(_SPLIT.c.group_key, _SPLIT.c.split).where(
        _SPLIT.c.project_id == sa.bindparam("project")
    )
)
