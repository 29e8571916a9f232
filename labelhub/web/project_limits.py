"""Limits that a project may tighten on a page; all of them can be set as a document."""

from collections.abc import Mapping
from typing import Any

from flask import request

from labelhub.domain.welfare.policy import Policy, bounds
from labelhub.domain.welfare.policy_file import SCHEMA
from labelhub.web.languages import gettext as _
from labelhub.web.project_form import ProjectFields

_OFFERED = ("dose_hour", "dose_day", "dose_week", "severe_day", "continuous_work")
_MOST_DIGITS = 6


def offered(in_force: Policy) -> list[dict[str, Any]]:
    """Return the limits with the value in force for the project, as the form shows them."""
    labels = {
        "dose_hour": _("Exposure in an hour"),
        "dose_day": _("Exposure in a day"),
        "dose_week": _("Exposure in a week"),
        "severe_day": _("S4 items in a day"),
        "continuous_work": _("Work without a break"),
    }
    return [
        {
            "id": name,
            "label": labels[name],
            "unit": str(bounds()[name].unit),
            "now": str(bounds()[name].write(getattr(in_force, name))),
        }
        for name in _OFFERED
    ]


def document(fields: ProjectFields, in_force: Policy) -> Mapping[str, Any] | None:
    """Return the tighter limits that were typed, None where there are none.

    What is typed may only be stricter than *in_force*, the project's own limits among it.
    """
    limits: dict[str, Any] = {}
    for name in _OFFERED:
        field = f"limit-{name}"
        typed = request.form.get(field, "").strip()
        fields.values[field] = typed[:32]
        if not typed:
            continue
        highest = int(str(bounds()[name].write(getattr(in_force, name))))
        if not (typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS):
            fields.fail(field, _("A whole number from %(low)s to %(high)s.", low=0, high=highest))
        elif int(typed) > highest:
            sentence = _(
                "In force is %(high)s. Limits here only tighten: loosening one waits and needs a"
                " second person.",
                high=highest,
            )
            fields.fail(field, sentence)
        else:
            limits[name] = {"value": int(typed), "unit": str(bounds()[name].unit)}
    return {"schema": SCHEMA, "limits": limits} if limits else None
