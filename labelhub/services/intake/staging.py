"""Staging: rows are read, checked and stored in short transactions, nothing servable yet."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlmodel import Session

from labelhub.domain.imports import PROBLEMS_KEPT, BatchState
from labelhub.domain.items import BadRow, ImportedRating, ItemDraft
from labelhub.domain.vocabulary import Choice, ItemId
from labelhub.identifiers import new_ordered_id
from labelhub.services.intake.accepting import Accepted, Accepting, Terms, Texts
from labelhub.store import corpus, imported_ratings, imports, items
from labelhub.store.database import Database

CHUNK = 1_000
"""Rows of one transaction; about a tenth of a second on SQLite, so that labelers hardly wait."""

_TURNED = {Choice.FIRST: Choice.SECOND, Choice.SECOND: Choice.FIRST}


class InterruptedImportError(RuntimeError):
    """Somebody withdrew the import, or another process took it over: stop, keep nothing."""


@dataclass(slots=True)
class Progress:
    """How far an import is, for a progress bar and for the summary."""

    state: BatchState = BatchState.STAGING
    bytes_read: int = 0
    rows: int = 0
    added: int = 0
    known: int = 0
    refused: int = 0
    ratings: int = 0
    rendered: int = 0
    published: int = 0


@dataclass(frozen=True, slots=True)
class Reports:
    """Who hears of an import while it runs: of its progress, and of every refused row."""

    progress: Callable[[Progress], None] = lambda _: None
    refused: Callable[[BadRow], None] = lambda _: None


class Staging:
    """One import being staged."""

    def __init__(
        self, database: Database, terms: Terms, progress: Progress, reports: Reports
    ) -> None:
        self._database = database
        self._terms = terms
        self._accepting = Accepting(terms)
        self._progress = progress
        self._reports = reports
        self._kept = 0

    def stage(self, rows: Iterable[ItemDraft | BadRow]) -> None:
        """Store every good row. Unless good rows are kept anyway, a bad one ends the storing.

        Reading goes on then, to report up to `PROBLEMS_KEPT` bad rows in one go. While one chunk
        is stored, which is mostly the database's work, the next one is read and checked.
        """
        keep_good = self._terms.batch.options.keep_good
        found = 0
        with ThreadPoolExecutor(1, "staging") as storing:
            before: Future[None] | None = None
            for chunk in _chunks(rows):
                taken, bad = self._sorted(chunk)
                found += len(bad)
                if found and not keep_good:
                    taken = []
                if before is not None:
                    before.result()
                    self._reports.progress(self._progress)
                before = storing.submit(self._store, taken, bad, len(chunk))
                if found >= PROBLEMS_KEPT and not keep_good:
                    break
            if before is not None:
                before.result()
                self._reports.progress(self._progress)

    def _sorted(self, chunk: list[ItemDraft | BadRow]) -> tuple[list[Accepted], list[BadRow]]:
        taken: list[Accepted] = []
        bad: list[BadRow] = []
        for row in chunk:
            outcome = self._accepting.take(row) if isinstance(row, ItemDraft) else row
            if isinstance(outcome, Accepted):
                taken.append(outcome)
            else:
                bad.append(outcome)
                self._reports.refused(outcome)
        return taken, bad

    def _store(self, taken: list[Accepted], bad: list[BadRow], number: int) -> None:
        room = max(0, PROBLEMS_KEPT - self._kept)
        bytes_read = self._progress.bytes_read

        def work(session: Session) -> tuple[int, int, int]:
            chunk = _Chunk(session, self._terms)
            added, known, ratings = chunk.store(taken)
            imports.add_problems(session, self._terms.batch.id, bad[:room])
            if not imports.advance(
                session,
                self._terms.batch.id,
                BatchState.STAGING,
                bytes_read=bytes_read,
                rows=number,
                added=added,
                known=known,
                refused=len(bad),
                ratings=ratings,
            ):
                raise InterruptedImportError
            return added, known, ratings

        added, known, ratings = self._database.run(work)
        self._kept += min(room, len(bad))
        progress = self._progress
        progress.rows += number
        progress.added += added
        progress.known += known
        progress.refused += len(bad)
        progress.ratings += ratings


class _Chunk:
    """The rows of one transaction."""

    def __init__(self, session: Session, terms: Terms) -> None:
        self._session = session
        self._terms = terms

    def store(self, taken: list[Accepted]) -> tuple[int, int, int]:
        """Insert what is new; return how many items are new, were known, and have ratings."""
        if not taken:
            return 0, 0, 0
        batch_id = self._terms.batch.id
        known = items.known(
            self._session, self._terms.project, [each.row["fingerprint"] for each in taken]
        )
        fresh: dict[str, Accepted] = {}
        staged_before = 0
        for each in taken:
            found = known.get(each.row["fingerprint"])
            if found is None:
                fresh.setdefault(each.row["fingerprint"], each)
            elif found.batch_id == batch_id and found.line == each.row["line"]:
                staged_before += 1  # an import that was interrupted and began again
        self._insert(list(fresh.values()))
        ratings = 0
        if self._terms.batch.options.with_ratings:
            places = {name: found.item_id for name, found in known.items()}
            places |= {name: each.row["id"] for name, each in fresh.items()}
            ratings = self._insert_ratings(taken, places, fresh)
        added = len(fresh) + staged_before
        return added, len(taken) - added, ratings

    def _insert(self, fresh: list[Accepted]) -> None:
        items.add(self._session, [each.row for each in fresh])
        items.add_hazards(
            self._session,
            [
                {"item_id": each.row["id"], "category": category}
                for each in fresh
                for category in each.hazards
            ],
        )
        corpus.add(
            self._session,
            [
                {"item_id": each.row["id"], "payload": each.payload, "sha256": each.sha256}
                for each in fresh
                if each.payload is not None
            ],
        )

    def _insert_ratings(
        self,
        taken: list[Accepted],
        places: Mapping[str, ItemId],
        fresh: Mapping[str, Accepted],
    ) -> int:
        """Stage the ratings that are new, and return how many.

        What a judge says of the same texts at a second place of the file is kept under the same
        name with a number: nothing is lost, and a rater has one rating of an item.
        """
        rated = [each for each in taken if each.ratings]
        if not rated:
            return 0
        targets = {places[each.row["fingerprint"]] for each in rated}
        staged = imported_ratings.staged(self._session, self._terms.batch.id, targets)
        given = imported_ratings.given(self._session, targets)
        orders = self._orders(rated, places, fresh)
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

    def _orders(
        self,
        rated: list[Accepted],
        places: Mapping[str, ItemId],
        fresh: Mapping[str, Accepted],
    ) -> dict[ItemId, Texts]:
        """Return the order of each rated item's completions: a fingerprint has none."""
        orders: dict[ItemId, Texts] = {each.row["id"]: each.texts for each in fresh.values()}
        elsewhere = {places[each.row["fingerprint"]] for each in rated} - orders.keys()
        if elsewhere:
            found = corpus.payloads(self._session, elsewhere)
            orders |= {item_id: payload["completions"] for item_id, payload in found.items()}
        return orders


def _chunks(rows: Iterable[ItemDraft | BadRow]) -> Iterator[list[ItemDraft | BadRow]]:
    chunk: list[ItemDraft | BadRow] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


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
