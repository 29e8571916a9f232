"""Hazard categories: ids that stay, names that are told apart."""

import pytest

from labelhub.domain.taxonomy import (
    HazardCategory,
    TaxonomyError,
    as_rows,
    edited,
    identified,
    parse,
)

KINDS = (HazardCategory("hte", "Hate", "Demeans."), HazardCategory("prv", "Privacy"))


def test_a_list_is_read_as_it_was_written() -> None:
    assert parse(as_rows(KINDS)) == KINDS


@pytest.mark.parametrize(
    "row",
    [
        {"id": "", "name": "No id"},
        {"id": "HTE", "name": "Capitals"},
        {"id": "x" * 41, "name": "Too long"},
        {"id": "own", "name": " "},
        {"id": "own", "name": "n" * 81},
        {"id": "own", "name": "Own", "definition": "d" * 601},
        {"id": "hte", "name": "The same id"},
        {"id": "own", "name": "hate"},
    ],
)
def test_a_category_that_cannot_be_told_from_others_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(TaxonomyError):
        parse([*as_rows(KINDS), row])


def test_a_category_may_be_added_or_renamed_but_not_removed() -> None:
    more = (HazardCategory("hte", "Hatred"), KINDS[1], HazardCategory("own", "Own"))
    assert edited(KINDS, more) == more
    with pytest.raises(TaxonomyError, match="prv"):
        edited(KINDS, KINDS[:1])


@pytest.mark.parametrize(
    ("given", "found"), [("hte", "hte"), ("HATE", "hte"), (" Privacy ", "prv"), ("x", None)]
)
def test_a_file_may_name_a_category_by_id_or_name(given: str, found: str | None) -> None:
    assert identified(given, KINDS) == found
