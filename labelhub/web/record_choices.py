"""What a labeler chose and what others decided about them, in plain values."""

from typing import Any

from labelhub.domain.vocabulary import OptOutScope
from labelhub.domain.welfare.policy import Policy, bounds
from labelhub.services.my_record.pages import Choices
from labelhub.web import record_words as words
from labelhub.web.languages import gettext as _
from labelhub.web.record_pages import look, window


def context(found: Choices) -> dict[str, Any]:
    """Return the context of `record/choices.html`."""
    return {
        **_chosen(found),
        **_decided(found),
        "looks": [look(each) for each in found.looks],
        "windows": [window(each, found.standing) for each in found.standing.windows],
        "settings": [
            {
                "layer": each.layer.value,
                "at": each.effective_at + found.standing.ahead,
                "values": _set(each.document),
            }
            for each in found.settings
        ],
    }


def _chosen(found: Choices) -> dict[str, Any]:
    ahead, now = found.standing.ahead, found.standing.now
    return {
        "consents": [
            {
                "severity": int(each.severity),
                "given": each.given_at + ahead,
                "until": each.expires_at + ahead if each.held(now) else None,
                "withdrawn": None if each.withdrawn_at is None else each.withdrawn_at + ahead,
            }
            for each in found.consents
        ],
        "opt_outs": [
            {
                "about": _about(each.scope, each.subject, each.about),
                "since": each.started_at + ahead,
                "ended": None if each.ended_at is None else each.ended_at + ahead,
            }
            for each in found.opt_outs
        ],
        "declarations": [
            {"going_on": each.choice == "continue", "at": each.declared_at + ahead}
            for each in found.declarations
        ],
    }


def _decided(found: Choices) -> dict[str, Any]:
    return {
        "decisions": [
            {
                "at": each.at,
                "organisation": each.organisation,
                "sentence": words.decision(each.kind, each.what),
                "by": _by(each.by, found),
            }
            for each in found.decisions
        ],
        "engagements": [
            {
                "role": each.role,
                "organisation": each.organisation,
                "since": each.started_at,
                "until": each.ended_at,
            }
            for each in found.engagements
        ],
    }


def _set(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a layer's setting asks for beyond what holds anyway."""
    policy = Policy.from_mapping(document, partial=True)
    return [
        {"name": name, "value": bound.write(getattr(policy, name)), "unit": bound.unit.value}
        for name, bound in bounds().items()
        if getattr(policy, name) != bound.ceiling
    ]


def _by(by: str, found: Choices) -> str:
    if by == "operator":
        return str(_("the operator of this installation"))
    return found.names.get(by) or str(_("a rule"))


def _about(scope: OptOutScope, subject: str, name: str) -> str:
    match scope:
        case OptOutScope.ITEM:
            return str(_("an item of “%(project)s”", project=name))
        case OptOutScope.CATEGORY:
            return str(_("the kind “%(kind)s”", kind=subject))
        case OptOutScope.SEVERITY:
            return str(_("S%(tier)s and above", tier=subject))
        case OptOutScope.PROJECT:
            return str(_("the project “%(project)s”", project=name))
        case OptOutScope.TODAY:
            return str(_("hard content for the day"))
