"""Parts of pages that say the same to everyone: drawn once a language, then kept."""

from functools import lru_cache
from typing import Any

import orjson
from flask import Flask, request
from markupsafe import Markup

from labelhub.web import languages

_MOST = 512


def install(app: Flask) -> None:
    """Give templates `fixed(name, …)`: the part *name*, drawn from the values named and no others.

    It sees nothing of the person or the request, so what is kept of one page can be shown on
    another's. The values are plain JSON.
    """

    @lru_cache(maxsize=_MOST)
    def drawn(name: str, values: bytes, _language: str, _root: str) -> Markup:
        return Markup(app.jinja_env.get_template(name).render(orjson.loads(values)))  # noqa: S704 a template's own output

    def fixed(name: str, **values: Any) -> Markup:
        given = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
        return drawn(name, given, languages.language(), request.script_root)

    app.jinja_env.globals["fixed"] = fixed
