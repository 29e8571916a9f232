"""What a consent is asked for: how much of a severity may come, and how often it was worse."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from labelhub.domain.vocabulary import Severity

FEWEST_RATED = 20
"""Below this many rated items nothing is said of how well the severity was foreseen."""
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Forecast:
    """A severity of a project as it stands, in items of a hundred.

    `share`: of all its items, how many are of this severity; at least 1 where there is any.
    `worse`, `milder`: of those that people rated, how many they found so; None where too few were
    rated, or where labelers are not asked for a severity.
    """

    severity: Severity
    share: int
    rated: int
    worse: int | None
    milder: int | None


def forecast(
    severity: Severity,
    items: Mapping[Severity, int],
    found: Iterable[tuple[Severity, Severity]],
) -> Forecast:
    """Return the forecast of a severity.

    *items* counts the project's items by the severity they are served at; *found* pairs the
    severity at which each rated item was served with the one that its rater found.
    """
    of_it = [rated for served, rated in found if served is severity]
    worse = sum(rated > severity for rated in of_it)
    milder = sum(rated < severity for rated in of_it)
    enough = len(of_it) >= FEWEST_RATED
    return Forecast(
        severity,
        _of_hundred(items.get(severity, 0), sum(items.values())),
        len(of_it),
        _of_hundred(worse, len(of_it)) if enough else None,
        _of_hundred(milder, len(of_it)) if enough else None,
    )


def _of_hundred(part: int, whole: int) -> int:
    """Round up: what is rare is not said to be nothing."""
    return -(-part * _HUNDRED // whole) if whole else 0
