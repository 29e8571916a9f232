"""Words and figures of a labeler's record: amounts, kinds of time, what others did."""

from datetime import timedelta
from typing import Any

from flask_babel import format_decimal

from labelhub.domain.record.carried import CarriedError, Fault
from labelhub.domain.vocabulary import Role
from labelhub.domain.welfare.windows import DAY, HOUR, WEEK, Measure
from labelhub.web.languages import gettext as _

_POINT = 60  # point-seconds
_HOUR_S = 3_600
_MINUTE_S = 60


def points(point_seconds: int) -> str:
    """Return a dose in points; a tenth is a tenth."""
    return str(format_decimal(round(point_seconds / _POINT, 1)))


def amount(measure: Measure, value: int) -> str:
    if measure is Measure.POINTS:
        return points(value)
    return clock_time(value) if measure is Measure.WORK else str(format_decimal(value))


def clock_time(seconds: int) -> str:
    """Return seconds as hours and minutes: `2 h 05 min`; less than a minute in seconds."""
    if 0 < seconds < _MINUTE_S:
        return str(_("%(seconds)s s", seconds=seconds))
    hours, rest = divmod(seconds, _HOUR_S)
    if not hours:
        return str(_("%(minutes)s min", minutes=rest // _MINUTE_S))
    return str(_("%(hours)s h %(minutes)s min", hours=hours, minutes=f"{rest // _MINUTE_S:02}"))


def window_name(measure: Measure, window: timedelta) -> str:
    length = {HOUR: _("one hour"), DAY: _("24 hours"), WEEK: _("7 days")}.get(window, _("28 days"))
    names = {
        Measure.POINTS: _("Dose in %(length)s, in points", length=length),
        Measure.WORK: _("Work in %(length)s", length=length),
        Measure.SEVERE: _("Extreme items (S4) in %(length)s", length=length),
    }
    return str(names[measure])


def paid_kind(kind: str) -> str:
    """Return what paid time was for; a kind without words of its own goes by its name."""
    known = {
        "work": _("rating"),
        "answering": _("writing answers"),
        "declined": _("declining"),
        "expired": _("items that ran out"),
        "released": _("items given back"),
        "break": _("breaks of your own"),
        "due_break": _("breaks that were due"),
        "hard_break": _("breaks after hard content"),
        "long_break": _("long breaks"),
        "cool_down": _("cool-downs"),
        "waiting": _("waiting"),
        "opt_out": _("opting out"),
        "training": _("training"),
    }
    return str(known.get(kind) or kind.replace("_", " "))


def heading(words: str) -> str:
    """Return words as they stand at the head of a column."""
    return words[:1].upper() + words[1:]


def strip_of(kind: str) -> str:
    """Return in which part of a day's strip a kind of time is drawn."""
    if "break" in kind or kind == "cool_down":
        return "break"
    return "waiting" if kind == "waiting" else "work"


def look(what: str) -> str:
    known = {
        "roster": _("your name, address and paid hours, on the roster"),
        "people": _("your name, address and roles, in the list of people"),
        "person": _("your name, address, roles and standing, on your page"),
    }
    return str(known.get(what) or what)


def decision(kind: str, what: dict[str, Any]) -> str:
    """Return in one sentence what was decided about the labeler."""
    roles = {role.value: role.value.replace("_", " ") for role in Role}
    role = roles.get(str(what.get("role", "")), "")
    known = {
        "role_given": _("The role “%(role)s” was given to you.", role=role),
        "role_ended": _("Your role “%(role)s” was ended.", role=role),
        "suspended": _("You were suspended."),
        "reinstated": _("You were let back in."),
        "exposure_corrected": _(
            "An item you saw turned out to be worse: it counts as S%(tier)s now.",
            tier=str(what.get("severity", "")),
        ),
        "reset_link_made": _("A link to a new password was made for you."),
        "password_reset": _("Your password was replaced by way of such a link."),
        "place_changed": _("Your country or time zone was changed."),
    }
    return str(known.get(kind) or kind.replace("_", " "))


def refusal(error: CarriedError) -> str:
    """Return why a record was not taken, where in it, and what can be done."""
    reasons = {
        Fault.NOT_A_RECORD: _("This file is not a record as LabelHub writes it."),
        Fault.OTHER_SCHEMA: _("This is not a record of the form labelhub-record-v1."),
        Fault.TOO_MANY: _("This record is larger than what can be taken: 200,000 exposures."),
        Fault.NOT_SIGNED: _("This file has no signature that can be read."),
        Fault.CHANGED: _(
            "This file is not as it was signed: something in it was changed. Bring it as it was"
            " downloaded."
        ),
        Fault.OTHER_PERSON: _(
            "This record is of another e-mail address than yours here. Bring your own."
        ),
        Fault.OWN: _("This record is of this very installation: all of it counts here already."),
        Fault.IN_THE_FUTURE: _("A time in this record lies in the future."),
        Fault.WRONG_TIME: _("A time in this record is missing or is no time."),
        Fault.WRONG_NUMBER: _("A number in this record is missing, negative or cannot be true."),
        Fault.TIME_UNVERIFIED: _(
            "This installation has restarted and its clock is not confirmed yet. Try again when"
            " it is."
        ),
    }
    reason = str(reasons[error.fault])
    where = str(_("Nothing of it was kept."))
    return f"{reason} ({error.place}) {where}" if error.place else f"{reason} {where}"
