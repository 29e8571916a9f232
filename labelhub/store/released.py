"""What a release is made of beside texts: rated items, their names and their ratings."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Project, Scope
from labelhub.domain.release.rated import HarmVote, harm_flags
from labelhub.domain.release.votes import COUNTED, Count, Vote, VoteStatus, add_up
from labelhub.domain.vocabulary import Choice
from labelhub.store.released_keys import AllOf, Among, Key, KeyOf, as_driven
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
_COUNTING = [kept for kept, (status, _) in _STATUS.items() if status in COUNTED]


class Rated(NamedTuple):
    """An item that can be released, as the plan needs it; without a mark its text is read."""

    key: Key
    source: str
    source_id: str
    prompt_id: str
    mark: str


def rated(session: Session, scope: Scope, project: Project) -> Iterator[list[Rated]]:
    """Read every item of a project that can be released, in pages, in any order."""
    asked = {"project": project.id, "scope": list(scope)}
    options = {"yield_per": _AT_ONCE}
    rows = session.connection().execute(_RATED, asked, execution_options=options)
    for page in rows.partitions():
        yield [Rated(*row) for row in page]


_AT_ONCE = 1_000
_RATED = sa.select(
    KeyOf(_ITEM.c.id), _ITEM.c.source, _ITEM.c.source_id, _ITEM.c.pool_key, _ITEM.c.prompt_mark
).where(
    _ITEM.c.project_id == sa.bindparam("project"),
    _ITEM.c.organisation_id.in_(sa.bindparam("scope", expanding=True)),
    _ITEM.c.state.in_(("ready", "rendered")),
    sa.exists().where(_RATING.c.item_id == _ITEM.c.id, _RATING.c.status != "withdrawn"),
)


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
    total: Count | None = None
    seconds: tuple[float, ...] = ()


def answers(session: Session, keys: Sequence[Key]) -> Iterator[Answers]:
    """Read the ratings of some items, each by itself, in the order of *keys*.

    Those of one item come in any order: nothing that is written depends on it.
    """
    found: defaultdict[Key, list[Sequence[Any]]] = defaultdict(list)
    for row in session.connection().execute(_RATINGS, {"items": keys}).all():
        found[row[0]].append(row)
    for key in keys:
        rows = found.pop(key, ())
        yield Answers(
            tuple([_vote(row) for row in rows if row[1] is not None]),
            tuple([_harm(row) for row in rows if row[1] is None and row[2]]),
        )


def totals(session: Session, keys: Sequence[Key]) -> Iterator[Answers]:
    """Read the preferences of some items added up, in the order of *keys*.

    Who rated, and when, is not even read.
    """
    rows = session.connection().execute(_TOTALS, {"items": keys}).all()
    found = {key: (said, active) for key, said, active in rows}
    for key in keys:
        said, active = found.pop(key, _NOTHING)
        seconds = tuple([int(one) / 1_000 for one in active.split(",")]) if active else ()
        yield Answers(total=_total(said), seconds=seconds)


_OF_ITEMS = (Among(_RATING.c.item_id, "items"), _RATING.c.status != "withdrawn")
_RATINGS = (
    sa.select(
        KeyOf(_RATING.c.item_id), as_driven(_RATING.c.choice), _RATING.c.harm,
        KeyOf(_RATING.c.id), KeyOf(_RATING.c.rater_id), sa.func.date(_RATING.c.rated_at),
        _RATING.c.strength, _RATING.c.status, as_driven(_RATING.c.swapped),
        _RATING.c.guidelines_version, _RATING.c.rationale, _RATING.c.active_ms,
    ).where(*_OF_ITEMS)
)  # fmt: skip

# One text for all answers to an item: few of them differ, so that nearly all are known already.
_SAID = sa.cast(_RATING.c.choice, sa.Text).concat(
    sa.case((_RATING.c.swapped, " swapped "), else_=" as_it_is ")
    .concat(sa.cast(_RATING.c.strength, sa.Text))
    .concat(" ")
    .concat(_RATING.c.status)
)
_COUNTS = sa.or_(*[_RATING.c.status == kept for kept in _COUNTING])
_ACTIVE = sa.case((_COUNTS, sa.cast(_RATING.c.active_ms, sa.Text)))
_TOTALS = (
    sa.select(KeyOf(_RATING.c.item_id), AllOf(_SAID), AllOf(_ACTIVE))
    .where(*_OF_ITEMS, _RATING.c.choice.is_not(None))
    .group_by(_RATING.c.item_id)
)
_NOTHING = ("", "")


@lru_cache(maxsize=8_192)
def _total(said: str) -> Count:
    return add_up([_nameless(*one.split(" ")) for one in said.split(",")] if said else ())


def _nameless(choice: str, swapped: str, strength: str, kept: str) -> Vote:
    status, imported = _STATUS[kept]
    left = None if imported else swapped == "as_it_is"
    return Vote("", "", date.min, _CHOICES[choice], int(strength), status, imported, left)


def _vote(row: Sequence[Any]) -> Vote:
    _, choice, _, rating, rater, day, strength, kept, swapped, version, rationale, active = row
    status, imported = _STATUS[kept]
    # By place, not by name: a release makes millions of these, and names take twice as long.
    return Vote(
        rating, rater, _day(day), _CHOICES[choice], strength, status, imported,
        None if imported else not swapped, _version(version), rationale, active / 1_000,
    )  # fmt: skip


def _harm(row: Sequence[Any]) -> HarmVote:
    _, _, harm, rating, rater, day, _, kept, _, version, rationale, active = row
    status, imported = _STATUS[kept]
    found = orjson.loads(harm)["completions"]
    return HarmVote(
        rating_id=rating,
        rater=rater,
        day=_day(day),
        flags=harm_flags((one["severity"], one["hazards"]) for one in found),
        status=status,
        imported=imported,
        guideline_version=_version(version),
        rationale=rationale,
        seconds_active=active / 1_000,
    )


def _version(number: int) -> str:
    return str(number) if number else ""


@lru_cache(maxsize=4_096)
def _day(day: str | date) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day
