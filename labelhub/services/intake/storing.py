"""Storing checked items: new ones once, ratings to the items they belong to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlmodel import Session

from labelhub.domain.items import ImportedRating
from labelhub.domain.vocabulary import Choice, ItemId
from labelhub.identifiers import new_ordered_id
from labelhub.services.intake.accepting import Accepted, Terms, Texts
from labelhub.store import corpus, imported_ratings, items

_TURNED = {Choice.FIRST: Choice.SECOND, Choice.SECOND: Choice.FIRST}


@dataclass(frozen=True, slots=True)
class Stored:
    """What a chunk brought: items that are new, rows of items known already, new ratings."""

    added: int = 0
    known: int = 0
    ratings: int = 0


@dataclass(frozen=True, slots=True)
class Sorted:
    """A chunk's good rows: `fresh` by fingerprint, and where all of them belong."""

    taken: Sequence[Accepted]
    fresh: Mapping[str, Accepted]
    places: Mapping[str, ItemId]


def sort(session: Session, terms: Terms, taken: Sequence[Accepted]) -> Sorted:
    """Tell new items from known ones. Under the project's turn nobody else adds any meanwhile."""
    names = [each.row["fingerprint"] for each in taken]
    known = items.known(session, terms.project, names) if names else {}
    fresh: dict[str, Accepted] = {}
    for each in taken:
        if each.row["fingerprint"] not in known:
            fresh.setdefault(each.row["fingerprint"], each)
    places = {name: each.row["id"] for name, each in fresh.items()}
    return Sorted(taken, fresh, {name: each.item_id for name, each in known.items()} | places)


class Storing:
    """The good rows of one transaction."""

    def __init__(self, session: Session, terms: Terms, found: Sorted) -> None:
        self._session = session
        self._terms = terms
        self._found = found

    def store(self, shown: Sequence[Mapping[str, Any]]) -> Stored:
        """Insert what is new. *shown* are the texts of the new items, rendered."""
        taken, fresh = self._found.taken, self._found.fresh
        items.add(self._session, [each.row for each in fresh.values()])
        items.add_hazards(
            self._session,
            [
                {"item_id": each.row["id"], "category": category}
                for each in fresh.values()
                for category in each.hazards
            ],
        )
        corpus.add(self._session, shown)
        ratings = self._insert_ratings() if self._terms.batch.options.with_ratings else 0
        return Stored(len(fresh), len(taken) - len(fresh), ratings)

    def _insert_ratings(self) -> int:
        """Stage the ratings that are new, and return how many.

        What a judge says of the same texts at a second place of the file is kept under the same
        name with a number: nothing is lost, and a rater has one rating of an item.
        """
        rated = [each for each in self._found.taken if each.ratings]
        places = self._found.places
        if not rated:
            return 0
        targets = {places[each.row["fingerprint"]] for each in rated}
        staged = imported_ratings.staged(self._session, self._terms.batch.id, targets)
        given = imported_ratings.given(self._session, targets)
        orders = self._orders(rated)
        found: list[tuple[ItemId, str, ImportedRating]] = []
        for each in rated:
            item_id = places[each.row["fingerprint"]]
            for rating in each.ratings:
                name = _free_name(rating.rater, item_id, staged)
                if (item_id, name) in given:
                    continue
                staged.add((item_id, name))
                order = orders.get(item_id, each.texts)
                found.append((item_id, name, _placed(rating, each.texts, order)))
        imported_ratings.stage(self._session, self._rating_rows(found))
        return len(found)

    def _rating_rows(self, found: list[tuple[ItemId, str, ImportedRating]]) -> list[dict[str, Any]]:
        raters = imported_ratings.raters(
            self._session, self._terms.project.organisation_id, {name for _, name, _ in found}
        )
        return [
            {
                "id": new_ordered_id(),
                "batch_id": self._terms.batch.id,
                "item_id": item_id,
                "rater_id": raters[name],
                "choice": rating.choice,
                "strength": rating.strength,
                "harm": "" if rating.harm is None else orjson.dumps(rating.harm).decode(),
                "rationale": rating.rationale,
            }
            for item_id, name, rating in found
        ]

    def _orders(self, rated: Sequence[Accepted]) -> dict[ItemId, Texts]:
        """Return the order of each rated item's completions: a fingerprint has none."""
        orders: dict[ItemId, Texts] = {
            each.row["id"]: each.texts for each in self._found.fresh.values()
        }
        elsewhere = {self._found.places[each.row["fingerprint"]] for each in rated} - orders.keys()
        if elsewhere:
            found = corpus.payloads(self._session, elsewhere)
            orders |= {item_id: payload["completions"] for item_id, payload in found.items()}
        return orders


def _placed(rating: ImportedRating, given: Texts, stored: Texts) -> ImportedRating:
    """Return the rating in the order of the stored item, which may be another than the file's."""
    if given == stored:
        return rating
    if rating.choice is not None:
        return replace(rating, choice=_TURNED.get(rating.choice, rating.choice))
    harm = dict(rating.harm or {})
    completions = harm.get("completions")
    if isinstance(completions, list) and len(completions) == len(given):
        harm["completions"] = [completions[given.index(text)] for text in stored]
    return replace(rating, harm=harm)


def _free_name(judge: str, item_id: ItemId, taken: set[tuple[ItemId, str]]) -> str:
    name, number = judge, 1
    while (item_id, name) in taken:
        number += 1
        name = f"{judge} ({number})"
    return name
