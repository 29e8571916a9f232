"""The split of every prompt that was ever released: later releases of the project keep it."""

from collections.abc import Mapping
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
    options, asked = {"yield_per": _AT_ONCE}, {"project": project.id}
    rows = session.connection().execute(_OF_PROJECT, asked, execution_options=options)
    return {prompt: _SPLITS[split] for page in rows.partitions() for prompt, split in page}


def keep_splits(
    session: Session, project: Project, changed: Mapping[str, Split], now: datetime
) -> None:
    """Keep the splits that are new or changed for every later release of the project."""
    connection = session.connection()
    statement = _keeping(connection.dialect.name)
    rows = (
        {"project_id": project.id, "group_key": prompt, "split": split, "assigned_at": now}
        for prompt, split in changed.items()
    )
    while page := list(islice(rows, _AT_ONCE)):
        connection.execute(statement, page)


def _keeping(dialect: str) -> Any:
    statement: Any  # the two dialects' inserts have the same methods and no type in common
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415 each is needed there alone

        statement = sqlite.insert(_SPLIT)
    else:
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 slow to load, needed here alone

        statement = postgresql.insert(_SPLIT)
    return statement.on_conflict_do_update(
        index_elements=[_SPLIT.c.project_id, _SPLIT.c.group_key],
        set_={"split": statement.excluded.split},
    )


_OF_PROJECT = sa.select(_SPLIT.c.group_key, _SPLIT.c.split).where(
    _SPLIT.c.project_id == sa.bindparam("project")
)
