"""Reads forms: each field by name and kind, every fault beside its field, nothing typed lost."""

from collections.abc import Iterable
from functools import cache
from typing import TypeVar
from zoneinfo import available_timezones

from flask import request
from flask_babel import ngettext

from labelhub.domain.accounts import normalised_email
from labelhub.web.languages import gettext as _

LONGEST_EMAIL = 254
"""RFC 5321, section 4.5.3.1.3, less the angle brackets."""
_MOST_DIGITS = 9
V = TypeVar("V", bound=str)


class Fields:
    """The fields of one form: `values` as typed, `errors` by field name as sentences."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.errors: dict[str, str] = {}

    @property
    def valid(self) -> bool:
        return not self.errors

    def fail(self, name: str, sentence: str) -> None:
        self.errors.setdefault(name, sentence)

    def text(self, name: str, *, longest: int, optional: bool = False) -> str:
        """Return one line or more of text, without the spaces around it."""
        text = request.form.get(name, "").strip()
        self.values[name] = text
        if not text and not optional:
            self.fail(name, _("This is needed."))
        if len(text) > longest:
            sentence = ngettext(
                "At most %(num)s character.", "At most %(num)s characters.", longest
            )
            self.fail(name, sentence)
        return text

    def line(self, name: str, *, longest: int, optional: bool = False) -> str:
        """Return text that must be a single printable line."""
        text = self.text(name, longest=longest, optional=optional)
        if any(letter != " " and not letter.isprintable() for letter in text):
            self.fail(name, _("This holds a character that cannot be shown."))
        return text

    def secret(self, name: str, *, longest: int) -> str:
        """Return a secret as typed; it is never shown again."""
        text = request.form.get(name, "")
        if not text:
            self.fail(name, _("This is needed."))
        if len(text) > longest:
            self.fail(name, _("This is too long."))
            return ""
        return text

    def email(self, name: str = "email") -> str:
        text = normalised_email(self.line(name, longest=LONGEST_EMAIL))
        local, _at, host = text.rpartition("@")
        if text and (not local or not host or " " in text or len(text) > LONGEST_EMAIL):
            self.fail(name, _("This does not look like an e-mail address."))
        return text

    def choice(self, name: str, choices: Iterable[V]) -> V | None:
        """Return the choice whose value was sent; None and a fault if it is none of them."""
        text = request.form.get(name, "")
        self.values[name] = text[:64]
        for one in choices:
            if str(one) == text:
                return one
        self.fail(name, _("Choose one of these."))
        return None

    def whole(self, name: str, low: int, high: int) -> int:
        """Return a whole number within bounds; *low* and a fault otherwise."""
        text = request.form.get(name, "").strip()
        self.values[name] = text[:32]
        if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
            number = int(text)
            if low <= number <= high:
                return number
        self.fail(name, _("A whole number from %(low)s to %(high)s.", low=low, high=high))
        return low

    def zone(self, name: str = "zone") -> str:
        text = request.form.get(name, "")
        self.values[name] = text[:64]
        if text not in _known_zones():
            self.fail(name, _("Choose one of these."))
            return "UTC"
        return text


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())  # it walks a directory at every call


def zones() -> list[str]:
    """Return the IANA zones that name a place, for a list to choose from."""
    return ["UTC", *sorted(zone for zone in _known_zones() if "/" in zone and _named(zone))]


def _named(zone: str) -> bool:
    return not zone.startswith(("Etc/", "SystemV/", "posix/", "right/", "US/"))
