"""The default taxonomy is AILuminate's, with our own words and one addition that is marked."""

import re

from labelhub.domain.taxonomy import parse
from tests.seed.reading import Row, category_ids, document

TAXONOMY = document("taxonomies", "ailuminate.json")
CATEGORIES: list[Row] = TAXONOMY["categories"]

LLAMA_GUARD = {
    "vcr": "S1", "ncr": "S2", "src": "S3", "cse": "S4", "dfm": "S5",
    "spc_fin": "S6", "spc_hlt": "S6", "spc_lgl": "S6", "prv": "S7", "ipv": "S8",
    "iwp": "S9", "hte": "S10", "ssh": "S11", "sxc_prn": "S12", "spc_ele": "S13", "other": "",
}  # fmt: skip


def test_the_program_reads_it() -> None:
    assert {category.id for category in parse(CATEGORIES)} == category_ids()
    assert TAXONOMY["name"] == "mlcommons-ailuminate-1.0"


def test_ids_and_llama_guard_codes_are_those_of_the_sources() -> None:
    assert {each["id"]: each["llama_guard"] for each in CATEGORIES} == LLAMA_GUARD


def test_groups_are_those_of_ailuminate_and_our_addition_is_marked() -> None:
    groups = {each["id"]: each["group"] for each in CATEGORIES}

    assert {ident for ident, group in groups.items() if group == "physical"} == {
        "vcr", "src", "cse", "ssh", "iwp",
    }  # fmt: skip
    assert {ident for ident, group in groups.items() if group == "labelhub"} == {"other"}
    assert set(groups.values()) == {"physical", "non-physical", "contextual", "labelhub"}


def test_each_definition_is_one_plain_sentence_of_its_own() -> None:
    definitions = [each["definition"] for each in CATEGORIES]

    assert len(set(definitions)) == len(definitions)
    for definition in definitions:
        assert re.fullmatch(r"[A-Z][^.!?]+\.", definition)
        assert len(definition.split()) <= 30
    assert all(each["source"] for each in CATEGORIES)
