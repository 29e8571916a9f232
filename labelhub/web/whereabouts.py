"""Where a person is, as their forms ask it: the country for help nearby, the zone for times."""

from typing import TypedDict

from flask_babel import get_locale

from labelhub.web import support
from labelhub.web.forms import Fields, zones
from labelhub.web.languages import gettext as _

ELSEWHERE = "none"
"""What the list sends for another country, or for no answer: an empty value sends no form."""


class Choices(TypedDict):
    countries: list[dict[str, str]]
    zones: list[str]


def choices() -> Choices:
    """Return the countries with contacts of their own, in the reader's language, and the zones."""
    locale = get_locale()
    named = {
        code: locale.territories.get(code, name) if locale else name
        for code, name in support.countries().items()
    }
    countries = [{"value": ELSEWHERE, "label": str(_("another, or rather not say"))}]
    ordered = sorted(named.items(), key=lambda pair: pair[1].casefold())
    countries += [{"value": code, "label": name} for code, name in ordered]
    return {"countries": countries, "zones": zones()}


def country(fields: Fields) -> str:
    """Read the country; empty for another one, or for no answer."""
    chosen = fields.choice("country", (ELSEWHERE, *support.countries()))
    return "" if chosen in {None, ELSEWHERE} else str(chosen)


def as_form(country: str, zone: str) -> dict[str, str]:
    """Return where somebody is as the form shows it."""
    return {"country": country if country in support.countries() else ELSEWHERE, "zone": zone}
