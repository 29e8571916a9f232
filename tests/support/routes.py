"""Every route of the application, with addresses that name nothing that exists."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from flask import Flask
from werkzeug.routing import Rule

VERBS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Route:
    endpoint: str
    path: str
    verbs: frozenset[str]
    refused: frozenset[str]
    names_object: bool


def routes(app: Flask) -> list[Route]:
    beside: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        beside.setdefault(rule.rule, set()).update(rule.methods or ())
    return [
        Route(
            endpoint=rule.endpoint,
            path=address(app, rule),
            verbs=frozenset(rule.methods or ()),
            refused=frozenset(VERBS) - beside[rule.rule],
            names_object=bool(rule.arguments),
        )
        for rule in app.url_map.iter_rules()
    ]


def address(app: Flask, rule: Rule) -> str:
    """Return an address of *rule* that names a random, missing object."""
    made = {name: _missing(type(rule._converters[name]).__name__) for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(
            rule.endpoint, made, method=next(iter(rule.methods or {"GET"})), force_external=False
        )


def _missing(converter: str) -> object:
    if converter == "UUIDConverter":
        return uuid4()
    if converter == "IntegerConverter":
        return 987_654_321
    return f"missing-{uuid4().hex[:8]}"


def served(app: Flask, verb: str) -> Iterator[Route]:
    """Return the routes that take *verb*."""
    return (route for route in routes(app) if verb in route.verbs)
