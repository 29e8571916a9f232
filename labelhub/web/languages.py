"""The language of a page: the person's, else the browser's; and a mirrored one for testing."""

import re
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, g, request
from flask_babel import Babel, Domain, get_translations
from markupsafe import Markup

from labelhub.web.context import visitor

LANGUAGES = ("en",)
"""Languages with a full translation under `labelhub/translations/<tag>/LC_MESSAGES`."""

MIRRORED = "ar-XB"
"""CLDR's name for the pseudo-locale that writes English from right to left."""

_PLACEHOLDER = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]+>|&\w+;)")
_OVERRIDE, _POP = "\u202e", "\u202c"


class Mirrored(NullTranslations):
    """English drawn from right to left, so that anyone can read a page laid out that way."""

    def gettext(self, message: str) -> str:
        parts = _PLACEHOLDER.split(message)
        return "".join(
            part if index % 2 or not part.strip() else f"{_OVERRIDE}{part}{_POP}"
            for index, part in enumerate(parts)
        )

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    ugettext = gettext
    ungettext = ngettext


class Messages(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The messages of the language in use, read from their files once."""

    def __init__(self) -> None:
        super().__init__()
        self._read: dict[str, Any] = {MIRRORED: Mirrored()}

    def get_translations(self) -> Any:
        tag = language()
        if tag not in self._read:
            self._read[tag] = super().get_translations()
        return self._read[tag]


def install(app: Flask) -> None:
    babel = Babel(app, locale_selector=_locale, timezone_selector=_zone)
    babel.domain_instance = Messages()
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension's
        gettext=lambda text: _messages().ugettext(text),
        ngettext=lambda one, many, count: _messages().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: _messages().upgettext(context, text),
        npgettext=lambda context, one, many, count: _messages().unpgettext(
            context, one, many, count
        ),
    )
    # Jinja calls four functions for each message; pages consist of messages.
    app.jinja_env.globals.update(gettext=_say, _=_say)


def _say(text: str, /, **values: Any) -> Markup:
    """Return a message in the page's language; our templates are all HTML."""
    said: Sayings = g.get("sayings") or _sayings()
    return said.pattern(text) % values if values else said[text]


def gettext(text: str, /, **values: Any) -> str:
    """Return a message in the page's language as plain text, with *values* in its placeholders."""
    said: Sayings = g.get("sayings") or _sayings()
    plain = str(said.pattern(text))
    return plain % values if values else plain


def _sayings() -> "Sayings":
    known: Sayings = g.setdefault("sayings", _said_in(language()))
    return known


@lru_cache(maxsize=16)
def _said_in(_language: str) -> "Sayings":
    return Sayings(_messages())


class Sayings(dict[str, Markup]):
    """One language's messages as templates say them, each looked up once."""

    def __init__(self, messages: Any) -> None:
        super().__init__()
        self._messages = messages
        self._patterns: dict[str, Markup] = {}

    def pattern(self, text: str) -> Markup:
        """Return a message with its placeholders, into which values go escaped."""
        known = self._patterns.get(text)
        if known is None:
            known = self._patterns[text] = Markup(self._messages.ugettext(text))  # noqa: S704 ours
        return known

    def __missing__(self, text: str) -> Markup:
        said = self[text] = self.pattern(text) % {}
        return said


def _messages() -> Any:
    """Return this request's messages, looked up once: a page asks for fifty."""
    known = g.get("messages")
    if known is None:
        known = g.messages = get_translations()
    return known


def language() -> str:
    """Return the BCP 47 tag of this page's language."""
    known: str | None = g.get("language")
    if known is None:
        person = visitor()
        known = g.language = _chosen(person.locale if person is not None else "")
    return known


def direction() -> str:
    if language() == MIRRORED:
        return "rtl"
    return str(Locale.parse(_locale()).text_direction)


def _chosen(wanted: str) -> str:
    if wanted in {*LANGUAGES, MIRRORED}:
        return wanted
    asked = [tag for tag, _ in request.accept_languages]
    if asked[:1] == [MIRRORED]:  # by its exact name alone: no reader of Arabic is sent there
        return MIRRORED
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _locale() -> str:
    return "en" if language() == MIRRORED else language().replace("-", "_")


def _zone() -> str:
    person = visitor()
    return person.zone if person is not None else "UTC"
