"""Refuses changes that another site asks for, by the headers that only browsers set (S-4)."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, abort, request

SAFE_VERBS = frozenset({"GET", "HEAD", "OPTIONS"})
_EXEMPT = frozenset({"reports.policy"})
"""Browsers send reports from no page; they change nothing and read no cookie."""


def install(app: Flask) -> None:
    app.before_request(_refuse_others)


def _refuse_others() -> None:
    """Pass what our own pages send; refuse everything else that could change something."""
    if request.method in SAFE_VERBS or request.endpoint in _EXEMPT:
        return
    site = request.headers.get("Sec-Fetch-Site")
    same = site == "same-origin" if site is not None else _origin_is_ours()
    if not same:
        abort(HTTPStatus.FORBIDDEN)


def _origin_is_ours() -> bool:
    origin = request.headers.get("Origin")
    if origin is None:  # neither header: no browser of today, so not one of our forms
        return False
    try:
        given = urlsplit(origin)
    except ValueError:
        return False
    return f"{given.scheme}://{given.netloc}".lower() == request.host_url.rstrip("/").lower()
