"""MT-bench and Chatbot Arena: votes on two models, with or without their conversations."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Final

from labelhub.domain.items import BadRow, Completion, ImportedRating, ItemDraft
from labelhub.domain.vocabulary import Choice
from labelhub.layouts.conversation import text_in, turns_in, type_name, user_turn
from labelhub.layouts.drafting import LONGEST_NAME, Columns, Drafting
from labelhub.layouts.errors import RowError
from labelhub.layouts.files.row import Row
from labelhub.layouts.pairs import split_common

VOTES_ONLY = "votes_only"
_WINNERS: Final = {
    "model_a": Choice.FIRST,
    "model_b": Choice.SECOND,
    "tie": Choice.TIE,
    "tie (inconsistent)": Choice.TIE,
    "tie (bothbad)": Choice.BOTH_BAD,
    "both_bad": Choice.BOTH_BAD,
}
_TURNED = {Choice.FIRST: Choice.SECOND, Choice.SECOND: Choice.FIRST}
_CROWD = "anonymous"  # arena votes without a judge: nobody knows which of them are one person's
_TURNS = (1, 2)
_ITEM_WEIGHT = 2000  # bytes of an item without its texts, about
_WINDOW = 20_000_000  # bytes


def mt_bench(row: Row, drafting: Drafting) -> ItemDraft:
    questions = drafting.questions
    columns = drafting.columns(row)
    question = columns.take_name("question_id")
    turn = columns.take("turn")
    if not question or turn not in _TURNS or isinstance(turn, bool):
        field = "turn" if question else "question_id"
        raise RowError(field, "is missing" if field == "question_id" else "is not 1 or 2")
    texts = questions.get(question, ())
    if questions and len(texts) < int(str(turn)):
        raise RowError("question_id", f"question {question} is not in the file of questions")
    columns.put(source="mt-bench", source_id=question)
    extra: dict[str, object] = {"question_id": question, "turn": turn}
    if len(texts) >= int(str(turn)) and turn == _TURNS[1]:
        extra["second_question"] = texts[1]
    return _voted(row, columns, drafting, texts[:1], extra)


def arena(row: Row, drafting: Drafting) -> ItemDraft:
    columns = drafting.columns(row)
    question = columns.take_name("question_id")
    if not question:
        raise RowError("question_id", "is missing")
    columns.put(source="arena", source_id=question)
    return _voted(row, columns, drafting, (), {"question_id": question})


def _voted(
    row: Row,
    columns: Columns,
    drafting: Drafting,
    prompt: tuple[str, ...],
    extra: dict[str, object],
) -> ItemDraft:
    """Put the two models in the order of their names, whichever side each judge saw them on."""
    models = _models(columns)
    rating = _rating(columns)
    turned = models[0] > models[1]
    if turned:
        rating = replace(rating, choice=_TURNED.get(rating.choice or Choice.TIE, rating.choice))
    ratings = (rating,) if drafting.with_ratings else ()
    columns.put(id=_identity(models, extra))
    if columns.has("conversation_a") or columns.has("conversation_b"):
        return _with_texts(row, columns, drafting, models, ratings, extra, turned=turned)
    completions = [Completion((), model) for model in sorted(models)]
    turns = [user_turn(text) for text in prompt]
    return drafting.finish(row, columns, turns, completions, ratings, {**extra, VOTES_ONLY: True})


def _models(columns: Columns) -> list[str]:
    models = [columns.take_name("model_a"), columns.take_name("model_b")]
    for field, model in zip(("model_a", "model_b"), models, strict=True):
        if not model:
            raise RowError(field, "is missing")
    if models[0] == models[1]:
        raise RowError("model_b", "is the same model as model_a")
    return models


def _identity(models: list[str], extra: dict[str, object]) -> str:
    """Name a comparison by question, turn and models; by a hash of them where that is long."""
    parts = [str(extra["question_id"]), str(extra.get("turn", "")), *sorted(models)]
    name = "/".join(part for part in parts if part)
    return name if len(name) <= LONGEST_NAME else sha256("\0".join(parts).encode()).hexdigest()


def _with_texts(
    row: Row,
    columns: Columns,
    drafting: Drafting,
    models: list[str],
    ratings: tuple[ImportedRating, ...],
    extra: dict[str, object],
    *,
    turned: bool,
) -> ItemDraft:
    sides = [
        turns_in(columns.take(f"conversation_{side}"), f"conversation_{side}") for side in "ab"
    ]
    if extra.get("turn") == _TURNS[0]:
        sides = [side[:2] for side in sides]  # the first turn was judged without the second
    prompt, *rest = split_common(*sides)
    if not prompt:
        raise RowError("conversation_b", "does not begin with the same turn as conversation_a")
    completions = [Completion(turns, model) for turns, model in zip(rest, models, strict=True)]
    if turned:
        completions.reverse()
    columns.rest |= extra
    return drafting.draft(row, columns, prompt, completions, ratings, "conversation_a")


def _rating(columns: Columns) -> ImportedRating:
    winner = columns.take("winner")
    choice = _WINNERS.get(winner) if isinstance(winner, str) else None
    if choice is None:
        raise RowError("winner", f"is not one of {', '.join(_WINNERS)}")
    judge = columns.take_name("judge") or _CROWD
    strength = 1 if choice in _TURNED else 0
    rationale = str(winner) if winner == "tie (inconsistent)" else ""
    return ImportedRating(judge, choice, strength, rationale=rationale)


def gathered(drafts: Iterable[ItemDraft | BadRow]) -> Iterator[ItemDraft | BadRow]:
    """Bring the votes on one comparison together into one item.

    The rows of a comparison are near each other but not adjacent. A bounded amount of items
    waits for further votes, so that memory stays constant.
    """
    waiting: OrderedDict[str, ItemDraft] = OrderedDict()
    weight = 0
    for draft in drafts:
        if isinstance(draft, BadRow):
            yield draft
            continue
        known = waiting.get(draft.external_id)
        if known is None:
            waiting[draft.external_id] = draft
            weight += _weight(draft)
        else:
            ratings = (*known.ratings, *draft.ratings)
            waiting[draft.external_id] = replace(known, ratings=ratings)
        while weight > _WINDOW:
            done = waiting.popitem(last=False)[1]
            weight -= _weight(done)
            yield done
    yield from waiting.values()


def _weight(draft: ItemDraft) -> int:
    turns = (*draft.prompt, *(turn for each in draft.completions for turn in each.turns))
    return _ITEM_WEIGHT + sum(len(turn.content) for turn in turns)


def question_texts(row: Row) -> tuple[str, tuple[str, ...]]:
    """Return the id and the turns of one line of MT-bench's file of questions."""
    name, turns = row.values.get("question_id"), row.values.get("turns")
    if isinstance(name, bool) or not isinstance(name, (int, str)):
        raise RowError("question_id", f"is {type_name(name)}, not a text or an integer")
    if not isinstance(turns, list) or not turns:
        raise RowError("turns", "is not a list of texts")
    return str(name), tuple(text_in(text, "turns") for text in turns)
