"""Preference between two completions: which, how strongly, or neither."""

from dataclasses import dataclass

from labelhub.domain.instruments.answers import Fields, InvalidAnswer, one, rationale_of
from labelhub.domain.vocabulary import Choice

VERSION = 1
COMPLETIONS = 2

_NEITHER = {"0": Choice.TIE, "tie": Choice.TIE, "both_bad": Choice.BOTH_BAD}
_SIGNED = {str(value): value for value in (-3, -2, -1, 1, 2, 3)}


@dataclass(frozen=True, slots=True)
class Preference:
    """A rating of a comparison. `strength` is 1–3 for a side, 0 when neither is better."""

    choice: Choice
    strength: int
    rationale: str = ""

    @property
    def signed(self) -> int:
        """Strength with its direction: negative prefers the first."""
        return -self.strength if self.choice is Choice.FIRST else self.strength


def check(fields: Fields, *, swapped: bool) -> Preference | InvalidAnswer:
    """Read an answer given on a page and return it in the item's own order.

    `preference` is −3…−1 for the completion shown first, 1…3 for the one shown second, "tie"
    or "both_bad". *swapped* says that the item's second completion was shown first.
    """
    rationale = rationale_of(fields)
    if isinstance(rationale, InvalidAnswer):
        return rationale
    given = one(fields, "preference")
    if not given:
        return InvalidAnswer("preference", "missing")
    if given in _NEITHER:
        return Preference(_NEITHER[given], 0, rationale)
    if given not in _SIGNED:
        return InvalidAnswer("preference", "unknown")
    signed = -_SIGNED[given] if swapped else _SIGNED[given]
    return Preference(Choice.FIRST if signed < 0 else Choice.SECOND, abs(signed), rationale)


def as_shown(preference: Preference, *, swapped: bool) -> dict[str, list[str]]:
    """Return the fields as the page had them, to show the answer again after an undo."""
    given = preference.choice.value
    if preference.choice in {Choice.FIRST, Choice.SECOND}:
        given = str(-preference.signed if swapped else preference.signed)
    return {"preference": [given], "rationale": [preference.rationale]}
