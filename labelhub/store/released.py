"""The ratings of a release, a page of items at a time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Project
from labelhub.domain.release.rated import HarmVote, Vote, VoteStatus, harm_flags
from labelhub.domain.vocabulary import Choice
from labelhub.store.released_keys import Among, Key, Pages, as_driven
from labelhub.tables import metadata

_ITEM = metadata.tables["item"]
_RATING = metadata.tables["rating"]

_CHOICES = {choice.value: choice for choice in Choice}
_STATUS = {
    "accepted": (VoteStatus.ACCEPTED, False),
    "imported": (VoteStatus.ACCEPTED, True),
    "late": (VoteStatus.LATE, False),
}
"""What a stored status means in a release, and whether the rating came in a file."""


def repeated_names(session: Session, project: Project) -> frozenset[str]:
    """Return the researchers' item ids that stand for more than one item."""
    statement = (
        sa.select(_ITEM.c.external_id)
        .where(_ITEM.c.project_id == project.id, _ITEM.c.external_id != "")
        .group_by(_ITEM.c.external_id)
        .having(sa.func.count() > 1)
    )
    return frozenset(session.connection().execute(statement).scalars())


class Answers(NamedTuple):
    """Everything that was said of one item, withdrawn ratings left out."""

    votes: tuple[Vote, ...] = ()
    harms: tuple[HarmVote, ...] = ()


def answers(session: Session, keys: Sequence[Key], *, named: bool) -> Iterator[Answers]:
    """Read the ratings of some items, in the order of *keys*.

    Who rated, when and what they wrote is read only where *named*: for raw rows. The ratings of
    one item come in any order; nothing that is written depends on it.
    """
    found: defaultdict[Key, list[Sequence[Any]]] = defaultdict(list)
    for row in (_NAMED if named else _RATINGS).page(session, {"items": keys}):
        found[row[0]].append(row)
    for key in keys:
        rows = found.pop(key, ())
        yield Answers(
            tuple([_vote(row) for row in rows if row[1] is not None]),
            tuple([_harm(row) for row in rows if row[1] is None and row[2]]),
        )


_SAID = (
    as_driven(_RATING.c.item_id), as_driven(_RATING.c.choice), _RATING.c.harm, _RATING.c.strength,
    _RATING.c.status, as_driven(_RATING.c.swapped), _RATING.c.active_ms,
)  # fmt: skip
_BY = (
    as_driven(_RATING.c.id), as_driven(_RATING.c.rater_id), sa.func.date(_RATING.c.rated_at),
    _RATING.c.guidelines_version, _RATING.c.rationale,
)  # fmt: skip
_OF_ITEMS = (Among(_RATING.c.item_id, "items"), _RATING.c.status != "withdrawn")
_RATINGS = Pages(sa.select(*_SAID).where(*_OF_ITEMS))
_NAMED = Pages(sa.select(*_SAID, *_BY).where(*_OF_ITEMS))
_NOBODY = ("", "", date.min, "", "")


def _vote(row: Sequence[Any]) -> Vote:
    _, choice, _, strength, kept, swapped, active_ms, *by = row
    rating, rater, day, version, rationale = _by(*by) if by else _NOBODY
    status, imported = _STATUS[kept]
    # By place, not by name: a release makes millions of these, and names take twice as long.
    return Vote(
        rating, rater, day, _CHOICES[choice], strength, status, imported,
        None if imported else not swapped, version, rationale, active_ms / 1_000,
    )  # fmt: skip


def _harm(row: Sequence[Any]) -> HarmVote:
    _, _, harm, _, kept, _, active_ms, *by = row
    rating, rater, day, version, rationale = _by(*by) if by else _NOBODY
    status, imported = _STATUS[kept]
    found = orjson.loads(harm)["completions"]
    return HarmVote(
        rating_id=rating,
        rater=rater,
        day=day,
        flags=harm_flags((one["severity"], one["hazards"]) for one in found),
        status=status,
        imported=imported,
        guideline_version=version,
        rationale=rationale,
        seconds_active=active_ms / 1_000,
    )


def _by(
    rating: Key, rater: Key, day: str | date, version: int, rationale: str
) -> tuple[str, str, date, str, str]:
    return _name(rating), _name(rater), _day(day), str(version) if version else "", rationale


def _name(key: Key) -> str:
    """Return the same text for a key on both databases: 32 hexadecimal digits."""
    return key if isinstance(key, str) else str(key.hex)


@lru_cache(maxsize=4_096)
def _day(day: str | date) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day
