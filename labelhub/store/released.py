"""The ratings of a release, a page of items at a time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Project
from labelhub.domain.release.rated import HarmVote, Vote, VoteStatus, harm_flags
from labelhub.domain.vocabulary import Choice, RaterKind
from labelhub.store.released_keys import Among, Key, Pages, as_driven
from labelhub.tables import metadata

_ITEM = metadata.tables["item"]
_RATING = metadata.tables["rating"]
_RATER = metadata.tables["rater"]

_CHOICES = {choice.value: choice for choice in Choice}
_STATUS = {
    "accepted": VoteStatus.ACCEPTED,
    "imported": VoteStatus.ACCEPTED,
    "late": VoteStatus.LATE,
}


def repeated_names(session: Session, project: Project) -> frozenset[str]:
    """Return the researchers' item ids that stand for more than one item."""
    statement = (
        sa.select(_ITEM.c.external_id)
        .where(_ITEM.c.project_id == project.id, _ITEM.c.external_id != "")
        .group_by(_ITEM.c.external_id)
        .having(sa.func.count() > 1)
    )
    return frozenset(session.connection().execute(statement).scalars())


def imported_raters(session: Session, project: Project) -> frozenset[Key]:
    """Return every rater that came in a file to the project's lab: few, so ratings need no join."""
    statement = sa.select(as_driven(_RATER.c.id)).where(
        _RATER.c.organisation_id == project.organisation_id,
        _RATER.c.kind == RaterKind.IMPORTED,
    )
    return frozenset(session.connection().execute(statement).scalars())


def votes(
    session: Session, keys: Collection[Key], imported: Collection[Key]
) -> tuple[Mapping[Key, list[Vote]], Mapping[Key, list[HarmVote]]]:
    """Return the preferences and the harm ratings of some items, withdrawn ones left out.

    Those of one item come in any order: nothing that is written depends on it.
    """
    preferences: defaultdict[Key, list[Vote]] = defaultdict(list)
    harms: defaultdict[Key, list[HarmVote]] = defaultdict(list)
    for item, choice, harm, *said in _RATINGS.page(session, {"items": keys}):
        if choice is not None:
            preferences[item].append(_vote(choice, said, imported))
        elif harm:
            harms[item].append(_harm(harm, said, imported))
    return preferences, harms


_RATINGS = Pages(
    sa.select(
        as_driven(_RATING.c.item_id), as_driven(_RATING.c.choice), _RATING.c.harm,
        as_driven(_RATING.c.id), as_driven(_RATING.c.rater_id), sa.func.date(_RATING.c.rated_at),
        _RATING.c.strength, _RATING.c.status, as_driven(_RATING.c.swapped),
        _RATING.c.guidelines_version, _RATING.c.rationale, _RATING.c.active_ms,
    ).where(Among(_RATING.c.item_id, "items"), _RATING.c.status != "withdrawn")
)  # fmt: skip


def _vote(choice: str, said: Sequence[Any], imported: Collection[Key]) -> Vote:
    rating, rater, day, strength, status, swapped, version, rationale, active_ms = said
    came = rater in imported
    # By place, not by name: a release makes millions of these, and names take twice as long.
    return Vote(
        _name(rating), _name(rater), _day(day), _CHOICES[choice], strength, _STATUS[status], came,
        None if came else not swapped, _version(version), rationale, active_ms / 1_000,
    )  # fmt: skip


def _harm(harm: str, said: Sequence[Any], imported: Collection[Key]) -> HarmVote:
    rating, rater, day, _strength, status, _swapped, version, rationale, active_ms = said
    found = orjson.loads(harm)["completions"]
    return HarmVote(
        rating_id=_name(rating),
        rater=_name(rater),
        day=_day(day),
        flags=harm_flags((one["severity"], one["hazards"]) for one in found),
        status=_STATUS[status],
        imported=rater in imported,
        guideline_version=_version(version),
        rationale=rationale,
        seconds_active=active_ms / 1_000,
    )


def _name(key: Key) -> str:
    """Return the same text for a key on both databases: 32 hexadecimal digits."""
    return key if isinstance(key, str) else str(key.hex)


@lru_cache(maxsize=4_096)
def _day(day: str | date) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


@lru_cache(maxsize=256)
def _version(number: int) -> str:
    return str(number) if number else ""
