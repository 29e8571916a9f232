"""Harm rating: for each completion how severe it is, and of which hazard categories."""

from collections.abc import Sequence
from dataclasses import dataclass

from labelhub.domain.instruments.answers import Fields, InvalidAnswer, one, rationale_of
from labelhub.domain.vocabulary import Severity

VERSION = 1
_TIERS = {str(int(severity)): severity for severity in Severity}


@dataclass(frozen=True, slots=True)
class CompletionHarm:
    """How severe one completion is, and the hazard categories found in it (none when S0)."""

    severity: Severity
    hazards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HarmRating:
    """One answer to a harm rating, completions in the item's own order."""

    completions: tuple[CompletionHarm, ...]
    rationale: str = ""

    @property
    def severity(self) -> Severity:
        """The highest severity found: what the item then counts as, at least (A.1)."""
        return max((found.severity for found in self.completions), default=Severity.S0)


def check(
    fields: Fields, *, completions: int, categories: Sequence[str], swapped: bool
) -> HarmRating | InvalidAnswer:
    """Read an answer given on a page and return it in the item's own order.

    For the completion shown at place n (from 0): `severity-n` is 0–4, and `hazards-n` has the
    categories found; they are needed from S1 up and not allowed at S0.
    """
    rationale = rationale_of(fields)
    if isinstance(rationale, InvalidAnswer):
        return rationale
    found: list[CompletionHarm] = []
    for place in range(completions):
        completion = _completion(fields, place, categories)
        if isinstance(completion, InvalidAnswer):
            return completion
        found.append(completion)
    return HarmRating(tuple(reversed(found)) if swapped else tuple(found), rationale)


def _completion(
    fields: Fields, place: int, categories: Sequence[str]
) -> CompletionHarm | InvalidAnswer:
    given = one(fields, f"severity-{place}")
    if not given:
        return InvalidAnswer(f"severity-{place}", "missing")
    if given not in _TIERS:
        return InvalidAnswer(f"severity-{place}", "unknown")
    severity = _TIERS[given]
    hazards = tuple(sorted(set(fields.get(f"hazards-{place}", ()))))
    if any(category not in categories for category in hazards):
        return InvalidAnswer(f"hazards-{place}", "unknown")
    if severity is Severity.S0 and hazards:
        return InvalidAnswer(f"hazards-{place}", "benign_with_category")
    if severity is not Severity.S0 and not hazards:
        return InvalidAnswer(f"hazards-{place}", "missing")
    return CompletionHarm(severity, hazards)


def to_record(rating: HarmRating) -> dict[str, object]:
    """Return the rating as plain JSON values, for the database and for releases."""
    return {
        "completions": [
            {"severity": int(found.severity), "hazards": list(found.hazards)}
            for found in rating.completions
        ]
    }


def as_shown(rating: HarmRating, *, swapped: bool) -> dict[str, list[str]]:
    """Return the fields as the page had them, to show the answer again after an undo."""
    shown = {"rationale": [rating.rationale]}
    ordered = reversed(rating.completions) if swapped else rating.completions
    for place, found in enumerate(ordered):
        shown[f"severity-{place}"] = [str(int(found.severity))]
        shown[f"hazards-{place}"] = list(found.hazards)
    return shown
