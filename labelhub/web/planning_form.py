"""The form of a team: one or two groups of people, in words and numbers."""

from datetime import time, timedelta
from typing import Any

from labelhub.domain.planning.roster import Roster
from labelhub.domain.planning.team import Group, Habits, Team
from labelhub.domain.planning.team_file import MOST_PEOPLE
from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.timeline import HARD
from labelhub.web.languages import gettext as _
from labelhub.web.project_form import ProjectFields

GROUPS = ("a", "b")
SEED = 1
_MOST_SEED = 999_999
EXPERIENCE = {"new": 0, "serious": 6, "severe": 10, "all": 60}
"""Days with exposure behind a person, by the step of the ramp-up that comes next (L-18)."""
WEEKS = {
    "weekdays": frozenset(range(5)),
    "three": frozenset({0, 2, 4}),
    "weekend": frozenset({5, 6}),
    "six": frozenset(range(6)),
}
STARTS = tuple(f"{hour:02}:00" for hour in range(24))
_AGREEABLE = tuple(str(int(tier)) for tier in Severity if tier >= HARD)
_ALWAYS = "yes"


def defaults(highest: Severity) -> ProjectFields:
    """Return the form as it is first shown."""
    fields = ProjectFields()
    for name, people in zip(GROUPS, ("10", ""), strict=True):
        fields.values |= {
            f"{name}-people": people, f"{name}-experience": "all", f"{name}-from": "09:00",
            f"{name}-hours": "8", f"{name}-week": "weekdays", f"{name}-mild": _ALWAYS,
        }  # fmt: skip
        fields.lists[f"{name}-agrees"] = [tier for tier in _AGREEABLE if int(tier) <= highest]
    fields.values |= {"continuing": "80", "seed": str(SEED)}
    return fields


def team(fields: ProjectFields) -> tuple[Team, int] | None:
    """Read the team and the seed; None and faults beside the fields if they are none."""
    groups = [_group(fields, name) for name in GROUPS if _is_wanted(fields, name)]
    continuing = fields.whole("continuing", 0, 100)
    seed = fields.whole("seed", 0, _MOST_SEED)
    if not fields.valid:
        return None
    if sum(group.people for group in groups) > MOST_PEOPLE:
        fields.fail("a-people", _("At most %(most)s people together.", most=MOST_PEOPLE))
        return None
    return Team(tuple(groups), Habits(continuing=continuing / 100)), seed


def _is_wanted(fields: ProjectFields, name: str) -> bool:
    """Say whether a group is asked for: the first always, the second where people are given."""
    return name == GROUPS[0] or bool(fields.text(f"{name}-people", longest=9, optional=True))


def _group(fields: ProjectFields, name: str) -> Group:
    people = fields.whole(f"{name}-people", 1, MOST_PEOPLE)
    experience = fields.choice(f"{name}-experience", EXPERIENCE) or "new"
    begins = fields.choice(f"{name}-from", STARTS) or STARTS[9]
    hours = fields.whole(f"{name}-hours", 1, 16)
    week = fields.choice(f"{name}-week", WEEKS) or "weekdays"
    agrees = fields.chosen(f"{name}-agrees")
    if any(tier not in _AGREEABLE for tier in agrees):
        fields.fail(f"{name}-agrees", _("Choose one of these."))
        agrees = []
    mild = fields.text(f"{name}-mild", longest=3, optional=True)
    return Group(
        name=name,
        people=people,
        ramp_days=EXPERIENCE[experience],
        roster=Roster(time.fromisoformat(begins), timedelta(hours=hours), WEEKS[week]),
        agrees_to=frozenset(Severity(int(tier)) for tier in agrees),
        mild_work=mild == _ALWAYS,
    )


def choices() -> dict[str, list[dict[str, Any]]]:
    """Return what can be chosen, in words."""
    return {
        "experience": [
            {"value": "new", "label": _("New: S0 and S1 for the first days")},
            {"value": "serious", "label": _("Six days in: S2, half of the budgets tomorrow")},
            {"value": "severe", "label": _("Ten days in: up to S3, three quarters of the budgets")},
            {"value": "all", "label": _("Past the ramp-up: all that they agree to")},
        ],
        "week": [
            {"value": "weekdays", "label": _("Monday to Friday")},
            {"value": "three", "label": _("Monday, Wednesday, Friday")},
            {"value": "weekend", "label": _("Saturday and Sunday")},
            {"value": "six", "label": _("Monday to Saturday")},
        ],
        "start": [{"value": start, "label": start} for start in STARTS],
        "agrees": [{"value": tier, "label": f"S{tier}"} for tier in _AGREEABLE],
    }
