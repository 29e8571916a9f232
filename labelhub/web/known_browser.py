"""Remembers in the browser that it signed in before, so that strangers' guesses do not hold it."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer

from labelhub.domain.accounts import normalised_email
from labelhub.services.tokens import keyed_hash
from labelhub.web import visitors
from labelhub.web.context import running

_PURPOSE = "labelhub-known"
_MOST_ACCOUNTS = 5
_LASTS = timedelta(days=400)  # the longest that browsers keep a cookie
_MARK = 16


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A random name of this browser, and marks of the accounts that signed in from it.

    The cookie is signed; it proves nothing about who sits there, and lets nobody in.
    """

    name: str
    accounts: tuple[str, ...]

    @classmethod
    def of_request(cls) -> "KnownBrowser":
        try:
            name, accounts = _serializer().loads(request.cookies.get(_cookie(), ""))
            return cls(str(name), tuple(str(one) for one in accounts))
        except (BadSignature, ValueError, TypeError):
            return cls(secrets.token_hex(_MARK), ())

    def key_for(self, email: str) -> str:
        """Return this browser's name if the account signed in from it before, else nothing."""
        return self.name if _mark(email) in self.accounts else ""

    def remember(self, email: str, response: Response) -> None:
        others = [one for one in self.accounts if one != _mark(email)]
        accounts = [_mark(email), *others][:_MOST_ACCOUNTS]
        response.set_cookie(
            _cookie(),
            _serializer().dumps([self.name, accounts]),
            max_age=_LASTS,
            secure=running().settings.tls,
            httponly=True,
            samesite="Lax",
            path="/",
        )


def _cookie() -> str:
    return visitors.cookie_name(_PURPOSE)


def _serializer() -> URLSafeSerializer:
    oldest_first = list(reversed(running().settings.secret_keys))
    return URLSafeSerializer(oldest_first, salt=_PURPOSE)


def _mark(email: str) -> str:
    key = running().settings.secret_keys[-1]  # stays the same while a new key is added on top
    return keyed_hash(_PURPOSE, normalised_email(email), key)[:_MARK]
