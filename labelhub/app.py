"""Puts the web application together; the one file that knows every part."""

import importlib
import uuid
from types import ModuleType

import structlog
from flask import Flask, g
from flask_htmx import HTMX
from werkzeug.middleware.proxy_fix import ProxyFix

from labelhub import signing_key
from labelhub.clock import Clock, SystemClock
from labelhub.resources import resource_dir
from labelhub.settings import Settings
from labelhub.store.database import Database
from labelhub.web import (
    access,
    assets,
    drawing,
    errors,
    fixed,
    frame,
    headers,
    incoming,
    languages,
    origin,
    responses,
    support,
)
from labelhub.web.context import EXTENSION, Running

BLUEPRINTS = (
    "labelhub.web.reports",
    "labelhub.web.sign_in",
    "labelhub.web.invitations",
    "labelhub.web.resets",
    "labelhub.web.account",
    "labelhub.web.start",
    "labelhub.web.administration",
    "labelhub.web.roster",
    "labelhub.web.desk",
    "labelhub.web.desk_joining",
    "labelhub.web.own_choices",
    "labelhub.web.my_record",
    "labelhub.web.limits",
    "labelhub.web.limits_of_layers",
    "labelhub.web.check_ins",
    "labelhub.web.incidents",
    "labelhub.web.projects",
    "labelhub.web.imports",
    "labelhub.web.planning",
    "labelhub.web.releases",
)
"""Every module with pages. Each holds its blueprint as `bp`."""

_LARGEST_REQUEST = 2 * 1024 * 1024
"""Uploads raise it for themselves (`request.max_content_length`)."""
_LARGEST_FORM = 1024 * 1024


def create_app(settings: Settings, clock: Clock | None = None) -> Flask:
    """Make the application of one process. Never share one across a fork: it holds connections."""
    app = Flask("labelhub", static_folder=None, template_folder=str(resource_dir("templates")))
    _configure(app, settings)
    drawing.install(app)
    signing_key.make(settings.data)  # an installation made before there was one lacks it
    app.extensions[EXTENSION] = Running(
        settings=settings,
        clock=clock or SystemClock(),
        database=Database(settings.database_url),
        asset_version=assets.version(),
    )
    HTMX(app)
    languages.install(app)
    fixed.install(app)
    assets.install(app)
    _register_pages(app)
    # The order of guards: a known request, bytes that can be text, our own origin, who asks.
    app.before_request(_name_request)
    incoming.install(app)
    origin.install(app)
    access.install(app)
    frame.install(app)
    responses.install(app)
    errors.install(app)
    support.everywhere()  # read now: when it is needed, nothing else may work
    _wrap(app, settings)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=_LARGEST_FORM,
        MAX_FORM_PARTS=incoming.MOST_FIELDS,
        SESSION_COOKIE_NAME="__Host-labelhub-notice" if settings.tls else "labelhub-notice",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.tls,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PREFERRED_URL_SCHEME="https" if settings.tls else "http",
        PROPAGATE_EXCEPTIONS=False,
        TEMPLATES_AUTO_RELOAD=False,
    )


def page_modules() -> list[ModuleType]:
    """Return every module with pages; the first call loads them."""
    return [importlib.import_module(name) for name in BLUEPRINTS]


def _register_pages(app: Flask) -> None:
    for blueprint in dict.fromkeys(module.bp for module in page_modules()):  # two may share one
        app.register_blueprint(blueprint)


def _name_request() -> None:
    g.request_id = uuid.uuid4().hex
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _wrap(app: Flask, settings: Settings) -> None:
    inner = app.wsgi_app
    if settings.proxies:
        count = settings.proxies
        inner = ProxyFix(inner, x_for=count, x_proto=count, x_host=count)
    app.wsgi_app = headers.SafeResponses(inner, tls=settings.tls)  # type: ignore[method-assign]  # Flask's own way
