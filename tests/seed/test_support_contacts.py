"""Support contacts are complete, sourced and honest about how they were checked."""

import re
from datetime import date

import pytest

from tests.seed.reading import SEED, Row, document

CONTACTS = document("support", "contacts.json")
COUNTRIES: dict[str, Row] = CONTACTS["countries"]
KINDS = {"emergency", "crisis_line", "directory"}
BASES = {"operator", "government", "institution", "press", "list"}
REQUIRED = {"kind", "name", "what", "reach", "url", "hours", "site", "source", "checked", "basis"}


def every() -> list[Row]:
    places = (*COUNTRIES.values(), CONTACTS["everywhere"])
    return [contact for place in places for contact in place["contacts"]]


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


@pytest.mark.parametrize("contact", every(), ids=lambda contact: f"{contact['name']}")
def test_a_contact_says_who_how_and_from_which_source(contact: Row) -> None:
    assert set(contact) - {"text"} == REQUIRED
    assert contact["kind"] in KINDS
    assert contact["name"]
    assert contact["what"]
    assert contact["reach"]
    assert contact["source"].startswith(("https://", "http://"))
    assert date.fromisoformat(contact["checked"]) >= date(2024, 1, 1)
    assert contact["basis"] in BASES
    assert contact["hours"] in {"", "24/7"}


@pytest.mark.parametrize("contact", every(), ids=lambda contact: f"{contact['name']}")
def test_what_a_press_calls_is_the_number_that_is_read(contact: Row) -> None:
    if contact["kind"] == "directory":
        assert contact["url"] == ""
    else:
        assert re.fullmatch(r"tel:\d{3,12}", contact["url"])
        assert digits(contact["reach"]).startswith(digits(contact["url"]))


def test_every_country_begins_with_an_emergency_number() -> None:
    assert len(COUNTRIES) >= 25
    for code, country in COUNTRIES.items():
        assert re.fullmatch(r"[A-Z]{2}", code)
        assert country["contacts"][0]["kind"] == "emergency", code


def test_a_crisis_line_never_rests_on_a_third_party_list_alone() -> None:
    lines = [contact for contact in every() if contact["kind"] == "crisis_line"]

    assert len(lines) >= 24
    assert all(line["basis"] != "list" for line in lines)


def test_the_readme_names_every_country_whose_emergency_number_rests_on_a_list() -> None:
    readme = (SEED / "support" / "README.md").read_text(encoding="utf-8")
    weakest = next(line for line in readme.splitlines() if line.startswith("- `list`"))

    for country in COUNTRIES.values():
        listed = any(contact["basis"] == "list" for contact in country["contacts"])
        assert (country["name"] in weakest) is listed, country["name"]


def test_a_country_without_a_crisis_line_is_admitted_in_the_readme() -> None:
    readme = (SEED / "support" / "README.md").read_text(encoding="utf-8")

    for country in COUNTRIES.values():
        if all(contact["kind"] != "crisis_line" for contact in country["contacts"]):
            assert f"**{country['name']}** has no crisis line" in readme


def test_the_fallback_is_true_everywhere() -> None:
    text = CONTACTS["everywhere"]["text"]

    assert "the emergency number of the place where you are" in text
    assert "doctor" in text
    assert sum(each["kind"] == "directory" for each in CONTACTS["everywhere"]["contacts"]) == 2


def test_countries_of_the_demonstration_are_covered_except_for_a_few_that_show_the_fallback() -> (
    None
):
    people = document("demo", "people.json")["people"]
    uncovered = {person["country"] for person in people} - set(COUNTRIES)

    assert uncovered == {"GH", "LK", "NO"}
