"""Parts of pages that say the same to everyone: drawn once a language, then kept."""

import re
import secrets
from collections.abc import Callable, Collection
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any, cast

import orjson
from flask import Flask, current_app, request
from markupsafe import Markup, escape

from labelhub.web import languages

TORN = "labelhub-torn"
_MOST = 512
_MARK = f"hole-{secrets.token_hex(8)}-"
"""Nobody can write it into a text that is drawn, for nobody can guess it."""
_HOLE = re.compile(f"{_MARK}([0-9]+)-")
_PLAIN = frozenset({str, int, bool})
_Torn = Callable[[str, bytes, str, str], tuple[list[str], list[int]]]


def install(app: Flask) -> None:
    """Give templates `fixed(name, …)`: the part *name*, drawn from the values named and no others.

    It sees nothing of the person or the request, so what is kept of one page can be shown on
    another's. The values are plain JSON.
    """

    def draw(name: str, values: bytes, language: str) -> str:
        given = {"frame": {"language": language}, **orjson.loads(values)}
        return app.jinja_env.get_template(name).render(given)

    @lru_cache(maxsize=_MOST)
    def drawn(name: str, values: bytes, language: str, _root: str) -> Markup:
        return Markup(draw(name, values, language))  # noqa: S704 a template's own output

    @lru_cache(maxsize=_MOST)
    def torn(name: str, values: bytes, language: str, _root: str) -> tuple[list[str], list[int]]:
        pieces = _HOLE.split(draw(name, values, language))
        return pieces[::2], [int(number) for number in pieces[1::2]]

    def fixed(name: str, **values: Any) -> Markup:
        given = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
        return drawn(name, given, languages.language(), request.script_root)

    app.jinja_env.globals["fixed"] = fixed
    app.extensions[TORN] = torn


def filled(name: str, context: dict[str, Any], only_printed: Collection[str]) -> str:
    """Draw a template once for each context, leaving out what is only printed; put that in.

    *only_printed* are keys, at any depth, whose values no condition, loop, count or filter of the
    template looks at; None stays None. The rest of the context must be the same for many.
    """
    values: list[Any] = []
    given = orjson.dumps(_without(context, only_printed, values))
    kept = cast("_Torn", current_app.extensions[TORN])
    pieces, places = kept(name, given, languages.language(), request.script_root)
    filling = [values[place] for place in places]
    return "".join(chain.from_iterable(zip_longest(pieces, filling, fillvalue="")))


def _without(part: dict[str, Any], only_printed: Collection[str], values: list[Any]) -> Any:
    """Return a context with marks for what is only printed, which goes to *values*."""
    left: dict[str, Any] = {}
    for key, value in part.items():
        if value is None or (type(value) in _PLAIN and key not in only_printed):
            left[key] = value
        elif key in only_printed:
            left[key] = f"{_MARK}{len(values)}-"
            values.append(value if type(value) is Markup else escape(value))
        elif type(value) is dict:
            left[key] = _without(value, only_printed, values)
        elif type(value) is list and value and type(value[0]) is dict:
            left[key] = [_without(each, only_printed, values) for each in value]
        else:
            left[key] = value
    return left
