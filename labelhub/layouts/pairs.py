"""A chosen and a rejected completion, put into an order that does not say which is which."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import takewhile

from labelhub.domain.items import Completion, ImportedRating, Turn
from labelhub.domain.vocabulary import Choice, SpeakerRole
from labelhub.layouts.errors import RowError

_ASKS = frozenset({SpeakerRole.USER, SpeakerRole.TOOL})
STRONGEST = 3


def split_common(
    chosen: Sequence[Turn], rejected: Sequence[Turn]
) -> tuple[tuple[Turn, ...], tuple[Turn, ...], tuple[Turn, ...]]:
    """Return the prompt that two dialogues share, and what follows it in each.

    The prompt is the longest common beginning that ends with the user (or a tool) and leaves
    something to compare on both sides.
    """
    both = zip(chosen[:-1], rejected[:-1], strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))
    while shared and chosen[shared - 1].role not in _ASKS:
        shared -= 1
    return tuple(chosen[:shared]), tuple(chosen[shared:]), tuple(rejected[shared:])


def chosen_is_first(chosen: Completion, rejected: Completion) -> bool:
    """Decide by a hash of both texts, the same whichever of them won.

    The hash covers the pair, not each text alone: otherwise a refusal that occurs in many items
    would stand on the same side in all of them.
    """
    texts = (_text(chosen), _text(rejected))
    lower, higher = sorted(texts)
    first = lower if sha256(lower + b"\0" + higher).digest()[0] % 2 else higher
    return texts[0] == first


def _text(completion: Completion) -> bytes:
    return "\0".join(f"{turn.role}\0{turn.content}" for turn in completion.turns).encode()


def in_neutral_order(
    chosen: Completion, rejected: Completion, rating: ImportedRating | None
) -> tuple[tuple[Completion, Completion], tuple[ImportedRating, ...]]:
    """Return the two in the item's order; a rating that chose the first is turned with them."""
    if chosen_is_first(chosen, rejected):
        return (chosen, rejected), ((rating,) if rating else ())
    if rating is None:
        return (rejected, chosen), ()
    turned = ImportedRating(rating.rater, Choice.SECOND, rating.strength)
    return (rejected, chosen), (turned,)


def strength_in(value: object, field: str) -> int:
    """Return a strength 1–3 from a mean strength or margin; 1 where nothing was said."""
    if value is None or value == "":
        return 1
    try:
        number = float(value) if isinstance(value, (int, float, str)) else -1.0
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise RowError(field, "is not a number of zero or more")
    return max(1, min(STRONGEST, int(number + 0.5)))
