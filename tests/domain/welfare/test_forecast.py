"""What a labeler is told before a consent: shares rounded up, nothing said of too few."""

import pytest

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.forecast import FEWEST_RATED, Forecast, forecast

S0, S2, S3, S4 = Severity.S0, Severity.S2, Severity.S3, Severity.S4


@pytest.mark.parametrize(
    ("hard", "mild", "share"), [(0, 100, 0), (1, 999, 1), (10, 90, 10), (5, 0, 100), (0, 0, 0)]
)
def test_what_is_rare_is_not_said_to_be_nothing(hard: int, mild: int, share: int) -> None:
    assert forecast(S2, {S2: hard, S0: mild}, []).share == share


def test_worse_and_milder_are_of_what_was_served_at_this_severity() -> None:
    found = [(S2, S2)] * 14 + [(S2, S3)] * 4 + [(S2, S0)] * 2 + [(S3, S4)] * 30
    assert forecast(S2, {S2: 1}, found) == Forecast(S2, 100, 20, worse=20, milder=10)


def test_of_too_few_nothing_is_said() -> None:
    told = forecast(S2, {S2: 1}, [(S2, S3)] * (FEWEST_RATED - 1))
    assert (told.rated, told.worse, told.milder) == (FEWEST_RATED - 1, None, None)
