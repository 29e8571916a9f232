"""A team as a file describes it: JSON in which every number has its unit in its name."""

from collections.abc import Callable, Iterable, Mapping
from datetime import time, timedelta
from typing import Any

from labelhub.domain.planning.roster import DAYS, Roster
from labelhub.domain.planning.team import Group, Habits, Team
from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.timeline import HARD

SCHEMA = "labelhub-team-v1"
MOST_PEOPLE = 500
MOST_GROUPS = 20
MOST_DAYS = 10_000
_LONGEST_NAME = 80
_LONGEST_ITEM_S = 1_800  # A.1: the longest display of all
_AGREEABLE = tuple(tier.name for tier in Severity if tier >= HARD)
_DEFAULT = Habits()


class TeamError(ValueError):
    """A team that cannot be planned with: the place in the file, what is wrong, what to write."""


def read(document: object) -> Team:
    """Return the team of a file.

    Raises:
        TeamError: a key is unknown, missing or twice, or a value is none that a team can have.

    """
    top = _object("the team", document, {"schema", "groups"}, {"note", "habits"})
    if top["schema"] != SCHEMA:
        raise TeamError(f"schema: {_shown(top['schema'])} is not {SCHEMA!r}; write that")
    listed = top["groups"]
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_GROUPS:
        raise TeamError(f"groups: write a list of 1 to {MOST_GROUPS} groups of people")
    groups = tuple(_group(f"groups[{place}]", each) for place, each in enumerate(listed))
    if len({group.name for group in groups}) < len(groups):
        raise TeamError("groups: two have the same name; give each one of its own")
    team = Team(groups, _habits(top.get("habits", {})))
    if team.people > MOST_PEOPLE:
        raise TeamError(f"groups: {team.people} people together; at most {MOST_PEOPLE}")
    return team


def as_document(team: Team) -> dict[str, Any]:
    """Return what `read` accepts: the form that the page offers to keep."""
    return {
        "schema": SCHEMA,
        "groups": [
            {
                "name": group.name,
                "people": group.people,
                "days_with_exposure": group.ramp_days,
                "from": f"{group.roster.begins:%H:%M}",
                "hours_a_day": group.roster.hours / timedelta(hours=1),
                "days": [DAYS[day] for day in sorted(group.roster.weekdays)],
                "agrees_to": [tier.name for tier in sorted(group.agrees_to)],
                "mild_work": group.mild_work,
                "planned_shifts": group.planned_shifts,
            }
            for group in team.groups
        ],
        "habits": {
            "continue_percent": round(team.habits.continuing * 100),
            "pace_spread": team.habits.pace_spread,
            "item_spread": team.habits.item_spread,
            "seconds_between": team.habits.between // timedelta(seconds=1),
            "filler_seconds": team.habits.filler // timedelta(seconds=1),
            "seconds": {tier.name: each for tier, each in sorted(team.habits.seconds.items())},
        },
    }


def _group(where: str, value: object) -> Group:
    needed = {"name", "people", "days_with_exposure", "from", "hours_a_day", "days", "agrees_to"}
    found = _object(where, value, needed, {"mild_work", "planned_shifts"})
    name = found["name"]
    if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME:
        raise TeamError(f"{where}.name: write a name of 1 to {_LONGEST_NAME} characters")
    hours = _number(f"{where}.hours_a_day", found["hours_a_day"], 0.5, 24, "hours")
    return Group(
        name=name,
        people=_whole(f"{where}.people", found["people"], 1, MOST_PEOPLE, "people"),
        ramp_days=_whole(
            f"{where}.days_with_exposure", found["days_with_exposure"], 0, MOST_DAYS, "days"
        ),
        roster=Roster(
            _clock_time(f"{where}.from", found["from"]),
            timedelta(minutes=round(hours * 60)),
            frozenset(DAYS.index(day) for day in _some(f"{where}.days", found["days"], DAYS, 1)),
        ),
        agrees_to=frozenset(
            Severity[name]
            for name in _some(f"{where}.agrees_to", found["agrees_to"], _AGREEABLE, 0)
        ),
        mild_work=_flag(f"{where}.mild_work", found.get("mild_work", False)),
        planned_shifts=_flag(f"{where}.planned_shifts", found.get("planned_shifts", False)),
    )


def _habits(value: object) -> Habits:
    names = {
        "continue_percent", "pace_spread", "item_spread", "seconds_between", "filler_seconds",
        "seconds",
    }  # fmt: skip
    found = _object("habits", value, set(), names)

    def said(name: str, read_one: Callable[..., Any], default: object, *bounds: object) -> Any:
        return read_one(f"habits.{name}", found.get(name, default), *bounds)

    plain = as_document(Team((), _DEFAULT))["habits"]
    percent = said("continue_percent", _whole, plain["continue_percent"], 0, 100, "percent")
    return Habits(
        continuing=percent / 100,
        pace_spread=said("pace_spread", _number, plain["pace_spread"], 0, 1, "(log-normal sigma)"),
        item_spread=said("item_spread", _number, plain["item_spread"], 0, 2, "(log-normal sigma)"),
        between=timedelta(seconds=said("seconds_between", _whole, 2, 0, 60, "seconds")),
        filler=timedelta(seconds=said("filler_seconds", _whole, 45, 1, _LONGEST_ITEM_S, "seconds")),
        seconds=_seconds(found.get("seconds", {})),
    )


def _seconds(value: object) -> dict[Severity, int]:
    found = _object("habits.seconds", value, set(), set(Severity.__members__))
    return {
        Severity[name]: _whole(f"habits.seconds.{name}", each, 1, _LONGEST_ITEM_S, "seconds")
        for name, each in found.items()
    }


def _object(where: str, value: object, needed: set[str], others: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TeamError(f"{where}: {_shown(value)} is not an object with named values")
    known = ", ".join(sorted(needed | others))
    if unknown := sorted(value.keys() - needed - others):
        raise TeamError(f"{where}: {', '.join(map(str, unknown))} unknown; known: {known}")
    if missing := sorted(needed - value.keys()):
        raise TeamError(f"{where}: {', '.join(missing)} missing; known: {known}")
    return value


def _whole(where: str, value: object, low: int, high: int, unit: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise TeamError(
            f"{where}: {_shown(value)}; write a whole number of {unit}, {low} to {high}"
        )
    return value


def _number(where: str, value: object, low: float, high: float, unit: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise TeamError(f"{where}: {_shown(value)}; write a number of {unit}, {low:g} to {high:g}")
    return float(value)


def _flag(where: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise TeamError(f"{where}: {_shown(value)}; write true or false")
    return value


def _some(where: str, value: object, known: Iterable[str], least: int) -> list[str]:
    allowed = list(known)
    listed = value if isinstance(value, list) else None
    if listed is None or any(each not in allowed for each in listed):
        raise TeamError(f"{where}: {_shown(value)}; write a list of {', '.join(allowed)}")
    if len(set(listed)) < max(least, len(listed)):
        raise TeamError(
            f"{where}: {_shown(value)}; name {'one at least, ' if least else ''}each once"
        )
    return listed


def _clock_time(where: str, value: object) -> time:
    parts = value.split(":") if isinstance(value, str) else []
    if [len(part) for part in parts] == [2, 2] and all(part.isdecimal() for part in parts):
        hour, minute = (int(part) for part in parts)
        if hour <= 23 and minute <= 59:  # noqa: PLR2004 the clock's own bounds
            return time(hour, minute)
    raise TeamError(f'{where}: {_shown(value)}; write a time of day such as "09:00"')


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004 a line of a terminal
