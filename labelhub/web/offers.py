"""A labeler's start page in plain values: what is on offer, and the day so far."""

from datetime import timedelta
from typing import Any

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale

from labelhub.domain.vocabulary import PersonId
from labelhub.services import offers
from labelhub.services.offers import Offer, Start
from labelhub.web import desk_pages, reasons
from labelhub.web.context import clock, read
from labelhub.web.languages import gettext as _

_NO_DAY: dict[str, Any] = {"done": 0, "next_break": None, "worked": "", "limits": []}


def context(person_id: PersonId) -> dict[str, Any]:
    """Return the context of `start/labeler.html`. Nothing harmful is in it."""
    start = read(lambda session: offers.for_labeler(session, person_id, clock()))
    return {
        "offers": [_offer(offer) for offer in start.offers],
        "today": _day(start),
        "messages": [],
        "resting": _resting(start),
    }


def _offer(offer: Offer) -> dict[str, Any]:
    notice = offer.notice
    return {
        "slug": notice.slug,
        "title": notice.title,
        "joined": offer.joined,
        "severity": int(notice.max_severity),
        "notice": notice.text,
        "veil": None if notice.veil_tier is None else int(notice.veil_tier),
        "instrument": notice.instrument.value,
        "languages": [_language(notice.language)],
        "pay": notice.pay,
        "open": offer.waiting,
        "waiting": _waiting(offer),
    }


def _language(tag: str) -> str:
    """Return a language's name as the reader calls it; its tag where nobody has a name for it."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(get_locale()) or tag
    except (ValueError, UnknownLocaleError):
        return tag


def _waiting(offer: Offer) -> str:
    if not offer.joined or offer.waiting:
        return ""
    if offer.held is None or not offer.held.holds:
        return str(_("No item is waiting for you here now."))
    return reasons.sentence(offer.held.holds[0].reason)


def _day(start: Start) -> dict[str, Any]:
    day = start.today
    if day is None:
        return _NO_DAY
    plain = desk_pages.today_of(day)
    return {**plain, "worked": _worked(day.worked)}


def _resting(start: Start) -> dict[str, Any] | None:
    """Return the pause that holds everywhere, if every joined project is held until a time."""
    joined = [offer for offer in start.offers if offer.joined]
    if start.locked is None or not joined or any(offer.waiting for offer in joined):
        return None
    until = [offer.held.until for offer in joined if offer.held and offer.held.until]
    holds = [hold for offer in joined if offer.held for hold in offer.held.holds]
    if not until or not holds:
        return None
    left = max(timedelta(), min(until) - start.locked.now)
    return {"sentence": reasons.sentence(holds[0].reason), "until": start.locked.wall + left}


def _worked(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    if minutes < 1:
        return ""
    hours, rest = divmod(minutes, 60)
    if hours == 0:
        return str(_("%(minutes)s min", minutes=rest))
    return str(_("%(hours)s h %(minutes)s min", hours=hours, minutes=rest))
