"""The headers of every response, and the last net under every request (safety-case.md, R9)."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

import structlog

from labelhub.web import plain

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; report-to csp"
)
REPORTS = "/policy-reports"

HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("Reporting-Endpoints", f'csp="{REPORTS}"'),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
)
TRANSPORT = ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")

StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
log = structlog.get_logger(__name__)


class SafeResponses:
    """WSGI middleware around everything: no response leaves without the headers.

    A failure that even the error pages could not answer ends here, in a page without a template.
    """

    def __init__(self, app: WsgiApp, *, tls: bool) -> None:
        self._app = app
        self._headers = (*HEADERS, TRANSPORT) if tls else HEADERS
        self._names = frozenset(name.lower() for name, _ in self._headers)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        # A view knows reading (GET) and changing (POST), and could take HEAD for the latter.
        head = environ.get("REQUEST_METHOD") == "HEAD"
        if head:
            environ = {**environ, "REQUEST_METHOD": "GET"}

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, self._completed(headers), *rest)

        try:
            body = self._app(environ, start)
            return _dropped(body) if head else body
        except Exception as error:  # noqa: BLE001 nothing may fail open or show a trace (S-16)
            log.critical("request_failed_twice", error=type(error).__name__)
            page = plain.page("500")
            start("500 Internal Server Error", plain.headers(page), sys.exc_info())
            return [page]

    def _completed(self, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        kept = [(name, value) for name, value in headers if name.lower() not in self._names]
        if not any(name.lower() == "cache-control" for name, _ in kept):
            kept.append(("Cache-Control", "no-store"))
        return [*kept, *self._headers]


def _dropped(body: Iterable[bytes]) -> Iterable[bytes]:
    close = getattr(body, "close", None)
    if close is not None:
        close()
    return []
