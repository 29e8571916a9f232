"""The file of a team: what it may say, and what is refused with its place and remedy."""

import re
from typing import Any

import pytest

from labelhub.domain.planning.team_file import SCHEMA, TeamError, as_document, read
from labelhub.domain.vocabulary import Severity

GROUP: dict[str, Any] = {
    "name": "day", "people": 12, "days_with_exposure": 40, "from": "09:00", "hours_a_day": 8,
    "days": ["mon", "tue", "wed", "thu", "fri"], "agrees_to": ["S2", "S3"], "mild_work": True,
}  # fmt: skip

MANY = GROUP | {"people": 400}


def document(**changed: Any) -> dict[str, Any]:
    habits = changed.pop("habits", {})
    return {"schema": SCHEMA, "groups": [{**GROUP, **changed}], "habits": habits}


def test_a_team_is_read() -> None:
    team = read(document(habits={"continue_percent": 50, "seconds": {"S0": 30}}))

    (group,) = team.groups
    assert (group.people, group.ramp_days, group.mild_work) == (12, 40, True)
    assert group.agrees_to == {Severity.S2, Severity.S3}
    assert group.roster.weekdays == frozenset(range(5))
    assert team.habits.continuing == 0.5
    assert team.habits.seconds == {Severity.S0: 30}


def test_what_is_written_can_be_read_again() -> None:
    team = read(document(hours_a_day=7.5, planned_shifts=True))

    assert read(as_document(team)) == team


@pytest.mark.parametrize(
    ("changed", "place", "remedy"),
    [
        ({"people": -3}, "groups[0].people", "1 to 500"),
        ({"people": 0}, "groups[0].people", "1 to 500"),
        ({"people": 10**9}, "groups[0].people", "1 to 500"),
        ({"people": 2.5}, "groups[0].people", "whole number"),
        ({"people": True}, "groups[0].people", "whole number"),
        ({"people": "12"}, "groups[0].people", "whole number"),
        ({"days_with_exposure": -1}, "groups[0].days_with_exposure", "0 to 10000"),
        ({"hours_a_day": 480}, "groups[0].hours_a_day", "hours, 0.5 to 24"),
        ({"hours_a_day": "8h"}, "groups[0].hours_a_day", "number of hours"),
        ({"hours_a_day": 0}, "groups[0].hours_a_day", "0.5 to 24"),
        ({"hours_a_day": float("inf")}, "groups[0].hours_a_day", "0.5 to 24"),
        ({"hours_a_day": float("nan")}, "groups[0].hours_a_day", "0.5 to 24"),
        ({"from": "9"}, "groups[0].from", '"09:00"'),
        ({"from": "25:00"}, "groups[0].from", '"09:00"'),
        ({"from": 9}, "groups[0].from", '"09:00"'),
        ({"days": []}, "groups[0].days", "one at least"),
        ({"days": ["monday"]}, "groups[0].days", "mon, tue"),
        ({"days": ["mon", "mon"]}, "groups[0].days", "each once"),
        ({"days": [["mon"]]}, "groups[0].days", "mon, tue"),
        ({"agrees_to": ["S0"]}, "groups[0].agrees_to", "S2, S3, S4"),
        ({"agrees_to": "S2"}, "groups[0].agrees_to", "a list"),
        ({"mild_work": "yes"}, "groups[0].mild_work", "true or false"),
        ({"name": ""}, "groups[0].name", "1 to 80"),
        ({"nmae": "x"}, "groups[0]", "nmae unknown"),
        ({"habits": {"continue_percent": 0.8}}, "habits.continue_percent", "percent, 0 to 100"),
        ({"habits": {"continue_percent": 101}}, "habits.continue_percent", "0 to 100"),
        ({"habits": {"seconds": {"S5": 3}}}, "habits.seconds", "S5 unknown"),
        ({"habits": {"seconds": {"S0": 0}}}, "habits.seconds.S0", "1 to 1800"),
        ({"habits": {"item_spread": -1}}, "habits.item_spread", "0 to 2"),
        ({"habits": []}, "habits", "is not an object"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_what_to_write(
    changed: dict[str, Any], place: str, remedy: str
) -> None:
    with pytest.raises(TeamError) as refused:
        read(document(**changed))

    assert str(refused.value).startswith(f"{place}:")
    assert remedy in str(refused.value)


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        ([], "the team: [] is not an object"),
        ({}, "groups, schema missing"),
        ({"schema": "v0", "groups": [GROUP]}, "schema: 'v0'"),
        ({"schema": SCHEMA, "groups": []}, "groups: write a list"),
        ({"schema": SCHEMA, "groups": [GROUP, GROUP]}, "same name"),
        ({"schema": SCHEMA, "groups": [MANY, MANY | {"name": "b"}]}, "800 people"),
        ({"schema": SCHEMA, "groups": [{"name": "a"}]}, "missing"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_team_is_refused(whole: object, said: str) -> None:
    with pytest.raises(TeamError, match=re.escape(said)):
        read(whole)
