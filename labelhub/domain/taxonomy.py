"""Hazard categories: the kinds of harm a project names, and how the list may change."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MAX_CATEGORIES = 60
MAX_NAME = 80
MAX_DEFINITION = 600

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class TaxonomyError(ValueError):
    """A list of categories that cannot be used, and why in one sentence."""


@dataclass(frozen=True, slots=True)
class HazardCategory:
    """A kind of harm. The id never changes; opt-outs, ratings and releases refer to it."""

    id: str
    name: str
    definition: str = ""


def parse(rows: Iterable[Mapping[str, object]]) -> tuple[HazardCategory, ...]:
    """Return the categories of a list of `{id, name, definition}`.

    Raises:
        TaxonomyError: an id or a name is missing, malformed or used twice.

    """
    return checked(
        tuple(
            HazardCategory(
                str(row.get("id", "")).strip(),
                str(row.get("name", "")).strip(),
                str(row.get("definition", "")).strip(),
            )
            for row in rows
        )
    )


def checked(categories: tuple[HazardCategory, ...]) -> tuple[HazardCategory, ...]:
    """Return the categories as they are, or raise a TaxonomyError naming the first fault."""
    if len(categories) > MAX_CATEGORIES:
        raise TaxonomyError(f"there are more than {MAX_CATEGORIES} categories")
    ids: set[str] = set()
    names: set[str] = set()
    for category in categories:
        _check(category)
        if category.id in ids:
            raise TaxonomyError(f"the id {category.id} is used twice")
        if category.name.casefold() in names:
            raise TaxonomyError(f"the name {category.name!r} is used twice")
        ids.add(category.id)
        names.add(category.name.casefold())
    return categories


def edited(
    current: Sequence[HazardCategory], wanted: tuple[HazardCategory, ...]
) -> tuple[HazardCategory, ...]:
    """Return the wanted list if it only adds and renames.

    A category is never removed: what somebody has declined must stay declined, and a rating that
    names it must stay readable.
    """
    kept = {category.id for category in checked(wanted)}
    for category in current:
        if category.id not in kept:
            raise TaxonomyError(f"the category {category.id} is in use and cannot be removed")
    return wanted


def as_rows(categories: Iterable[HazardCategory]) -> list[dict[str, str]]:
    return [
        {"id": category.id, "name": category.name, "definition": category.definition}
        for category in categories
    ]


def identified(given: str, categories: Iterable[HazardCategory]) -> str | None:
    """Return the id of a category that a file names by its id or by its name, else None."""
    wanted = given.strip().casefold()
    for category in categories:
        if wanted in {category.id, category.name.casefold()}:
            return category.id
    return None


def _check(category: HazardCategory) -> None:
    if not _ID.fullmatch(category.id):
        raise TaxonomyError(
            f"{category.id!r} is not an id: 1 to 40 small letters, digits, dashes or underscores"
        )
    if not category.name:
        raise TaxonomyError(f"the category {category.id} has no name")
    if len(category.name) > MAX_NAME:
        raise TaxonomyError(f"the name of {category.id} is longer than {MAX_NAME} characters")
    if len(category.definition) > MAX_DEFINITION:
        raise TaxonomyError(
            f"the definition of {category.id} is longer than {MAX_DEFINITION} characters"
        )
