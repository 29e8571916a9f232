"""The record's pages in plain values: charts, windows, exposures, days."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import format_date, format_decimal, format_time

from labelhub.domain.welfare.windows import DAY, WEEK
from labelhub.services.my_record.charts import Line
from labelhub.services.my_record.pages import Break, Day, Exposures, Look, Summary
from labelhub.services.my_record.standing import Standing, Window
from labelhub.web import record_words as words
from labelhub.web.languages import gettext as _

_WIDTH, _HEIGHT = 600, 120
_ROOM = 1.08  # above the higher of limit and peak
_HASH = 12


def summary(found: Summary) -> dict[str, Any]:
    """Return the context of `record/page.html`."""
    standing = found.standing
    return {
        "charts": [_chart(line, standing) for line in found.lines],
        "windows": [window(each, standing) for each in standing.windows],
        "verified": standing.turn.verified,
        "exposures": found.exposures,
        "looks": [look(each) for each in found.looks],
        "carried": [
            {
                "issuer": each.issuer[:_HASH],
                "issued": each.issued_at,
                "at": each.carried_at + standing.ahead,
                "counted": each.exposures,
            }
            for each in found.carried
        ],
    }


def window(each: Window, standing: Standing) -> dict[str, Any]:
    """Return a window as the tables show it."""

    def moment(at: datetime | None) -> datetime | None:
        return None if at is None else at + standing.ahead

    return {
        "name": words.window_name(each.measure, each.window),
        "spent": words.amount(each.measure, each.spent),
        "limit": words.amount(each.measure, each.limit),
        "remaining": words.amount(each.measure, each.remaining),
        "hard_limit": (
            None if each.hard_limit == each.limit else words.amount(each.measure, each.hard_limit)
        ),
        "layer": each.layer.value,
        "project": each.project,
        "next_back": moment(each.next_back),
        "all_back": moment(each.all_back),
    }


def _chart(line: Line, standing: Standing) -> dict[str, Any]:
    """Return a chart: the line as SVG points, the limit's height, and the table behind it."""
    limit, doses = line.window.limit, line.doses
    top = max(limit, *doses, 1) * _ROOM
    step = _WIDTH / (len(doses) - 1)
    heights = [round(_HEIGHT - _HEIGHT * dose / top, 1) for dose in doses]
    moments = [moment + standing.ahead for moment in line.moments]
    corners = [f"0,{heights[0]}"]
    for place in range(1, len(doses)):
        across = round(place * step, 1)
        corners += [f"{across},{heights[place - 1]}", f"{across},{heights[place]}"]
    return {
        "title": _chart_title(line.window.window),
        "sentence": _(
            "%(spent)s of %(limit)s points now; the highest in this time was %(most)s.",
            spent=words.points(doses[-1]), limit=words.points(limit),
            most=words.points(max(doses)),
        ),
        "line": " ".join(corners),
        "area": f"0,{_HEIGHT} {' '.join(corners)} {_WIDTH},{_HEIGHT}",
        "limit_y": round(_HEIGHT - _HEIGHT * limit / top, 1),
        "limit": words.points(limit),
        "width": _WIDTH,
        "height": _HEIGHT,
        "first": _moment(moments[0], line.window.window),
        "last": _("now"),
        "points": [
            {"label": _moment(moment, line.window.window), "value": words.points(dose)}
            for moment, dose in zip(moments, doses, strict=True)
        ][::-1],
    }  # fmt: skip


def _chart_title(span: timedelta) -> str:
    known = {DAY: _("The last 24 hours"), WEEK: _("The last 7 days")}
    return str(known.get(span) or _("The last 28 days"))


def _moment(at: datetime, span: timedelta) -> str:
    time = str(format_time(at, "short"))
    return time if span == DAY else f"{format_date(at, 'd MMM')}, {time}"


def exposures(found: Exposures) -> dict[str, Any]:
    """Return the context of `record/exposures.html`."""
    now = found.open_now
    return {
        "count": format_decimal(found.count),
        "older": found.older,
        "open_now": now
        and {
            "at": now.shown_at,
            "project": now.project,
            "severity": int(now.severity),
            "seconds": int(now.granted.total_seconds()),
        },
        "exposures": [exposure(each) for each in found.shown],
    }


def exposure(each: Any) -> dict[str, Any]:
    return {
        "number": each.seq,
        "at": each.shown_at,
        "project": each.project,
        "severity": int(each.severity),
        "screened": int(each.screened),
        "seconds": each.active_s,
        "points": words.points(each.charge_ps),
    }


def days(found: list[Day]) -> dict[str, Any]:
    """Return the context of `record/time.html`."""
    kinds = sorted({kind for day in found for kind in day.paid}, key=_kind_order)
    most = max((sum(day.paid.values()) for day in found), default=0) or 1
    return {
        "heads": [
            {"label": _("Day"), "number": False},
            *(
                {"label": label, "number": True}
                for label in (
                    _("Shown"),
                    _("Points"),
                    *(words.heading(words.paid_kind(kind)) for kind in kinds),
                    _("Paid"),
                    _("Not paid"),
                )
            ),
        ],
        "days": [_day(day, kinds, most) for day in found],
        "week": [_day(day, kinds, most) for day in found[:7]],
        "total": words.clock_time(sum(sum(day.paid.values()) for day in found)),
        "unpaid": words.clock_time(sum(day.unpaid for day in found)),
        "breaks": [_break(each) for day in found for each in reversed(day.breaks)],
    }


def _break(each: Break) -> dict[str, Any]:
    ended = each.ended_at
    seconds = None if ended is None else int((ended - each.started_at).total_seconds())
    return {
        "at": each.started_at,
        "until": ended,
        "moment": each.kind == "moment",
        "length": None if seconds is None else words.clock_time(seconds),
    }


def _kind_order(kind: str) -> tuple[int, str]:
    return ("work", "break", "waiting").index(words.strip_of(kind)), kind


def _day(day: Day, kinds: list[str], most: int) -> dict[str, Any]:
    parts: dict[str, int] = {}
    for kind, seconds in day.paid.items():
        part = words.strip_of(kind)
        parts[part] = parts.get(part, 0) + seconds
    strips, begins = [], 0.0
    for part in ("work", "break", "waiting"):
        width = round(_WIDTH * parts.get(part, 0) / most, 1)
        strips.append({"part": part, "x": round(begins, 1), "width": width})
        begins += width
    return {
        "date": format_date(day.date, "EEE d MMM"),
        "parts": {part: words.clock_time(parts.get(part, 0)) for part in parts},
        "strips": strips,
        "width": _WIDTH,
        "paid": [words.clock_time(day.paid[kind]) if kind in day.paid else "" for kind in kinds],
        "total": words.clock_time(sum(day.paid.values())),
        "unpaid": words.clock_time(day.unpaid) if day.unpaid else "",
        "items": day.items,
        "points": words.points(day.charge_ps),
        "any": bool(day.paid or day.items or day.breaks),
    }


def look(each: Look) -> dict[str, Any]:
    return {
        "at": each.looked_at,
        "by": each.by or _("the operator of this installation"),
        "what": words.look(each.what),
    }
