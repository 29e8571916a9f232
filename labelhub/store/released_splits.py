"""The split of every prompt that was ever released: later releases of the project keep it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Project
from labelhub.domain.release.rated import Split
from labelhub.tables import metadata

_SPLIT = metadata.tables["split_assignment"]
_SPLITS = {split.value: split for split in Split}
_AT_ONCE = 1_000


def splits(session: Session, project: Project) -> dict[str, Split]:
    """Return the splits that earlier releases gave, by prompt."""
    pages = _stored(session, project)
    return {prompt: _SPLITS[split] for page in pages for prompt, split in page}


def keep_splits(
    session: Session, project: Project, assigned: Mapping[str, Split], now: datetime
) -> None:
    """Keep the splits for every later release of the project."""
    fresh, moved = set(assigned), []
    for page in _stored(session, project):
        fresh.difference_update([prompt for prompt, _ in page])
        moved += [prompt for prompt, split in page if assigned.get(prompt, split) != split]
    connection = session.connection()
    rows = (
        {"project_id": project.id, "group_key": prompt, "split": split, "assigned_at": now}
        for prompt, split in (assigned.items() if fresh else ())
        if prompt in fresh
    )
    while page := list(islice(rows, _AT_ONCE)):
        connection.execute(sa.insert(_SPLIT), page)
    for prompt in moved:
        connection.execute(
            sa.update(_SPLIT)
            .where(_SPLIT.c.project_id == project.id, _SPLIT.c.group_key == prompt)
            .values(split=assigned[prompt])
        )


def _stored(session: Session, project: Project) -> Iterator[Sequence[Any]]:
    """Read every prompt of a project with its split, in pages."""
    options = {"yield_per": _AT_ONCE}
    asked = {"project": project.id}
    rows = session.connection().execute(_OF_PROJECT, asked, execution_options=options)
    return rows.partitions()


_OF_PROJECT = sa.select(_SPLIT.c.group_key, _SPLIT.c.split).where(
    _SPLIT.c.project_id == sa.bindparam("project")
)
