"""The demonstration's people, projects and hidden qualities fit together and to the items."""

from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from labelhub.domain.projects import Declaration, guidelines_problems, problems, slug_problems
from labelhub.domain.vocabulary import InstrumentName, OrganisationKind, Role, Severity
from labelhub.rendering.rendering import render
from tests.seed.reading import COMPARISONS, DEMO, ITEM_FILES, Row, document, rows

PEOPLE = document("demo", "people.json")
PROJECTS = document("demo", "projects.json")
LATENT = document("demo", "latent.json")
ORGANISATIONS = {each["slug"]: OrganisationKind(each["kind"]) for each in PEOPLE["organisations"]}


def labelers() -> list[Row]:
    return [person for person in PEOPLE["people"] if person["role"] == Role.LABELER]


def test_there_is_one_lab_and_two_vendors() -> None:
    assert ORGANISATIONS == {
        "northlight": OrganisationKind.LAB,
        "harbour-data": OrganisationKind.VENDOR,
        "ridgeline": OrganisationKind.VENDOR,
    }


def test_every_role_is_filled_where_it_belongs() -> None:
    filled = Counter((person["organisation"], person["role"]) for person in PEOPLE["people"])

    assert filled == {
        ("harbour-data", "labeler"): 6,
        ("ridgeline", "labeler"): 6,
        ("harbour-data", "vendor_manager"): 1,
        ("ridgeline", "vendor_manager"): 1,
        ("northlight", "auditor"): 1,
        ("northlight", "researcher"): 2,
        ("northlight", "administrator"): 1,
    }


def test_addresses_are_reserved_ones_and_unique() -> None:
    addresses = [person["email"] for person in PEOPLE["people"]]

    assert len(set(addresses)) == len(addresses)
    assert all(address.isascii() and address.endswith("@example.org") for address in addresses)
    assert len({person["name"] for person in PEOPLE["people"]}) == len(addresses)


@pytest.mark.parametrize("person", PEOPLE["people"], ids=lambda person: person["email"])
def test_a_person_has_a_country_a_zone_and_a_language(person: Row) -> None:
    assert person["country"].isalpha()
    assert len(person["country"]) == 2
    assert ZoneInfo(person["zone"]).key == person["zone"]
    assert person["language"] in person["languages"]


def test_labelers_join_projects_that_exist_and_each_project_can_reach_its_overlap() -> None:
    joined = Counter(slug for person in labelers() for slug in person["projects"])

    assert set(joined) == {project["slug"] for project in PROJECTS["projects"]}
    for project in PROJECTS["projects"]:
        assert joined[project["slug"]] > project["overlap"]


@pytest.mark.parametrize("project", PROJECTS["projects"], ids=lambda project: project["slug"])
def test_a_project_is_acceptable_and_declares_what_its_items_are(project: Row) -> None:
    items = rows(ITEM_FILES[project["slug"]])

    assert project["items"] == f"{ITEM_FILES[project['slug']]}.jsonl"
    declared = ("title", "summary", "overlap", "content_notice", "veil_tier", "language")
    declaration = Declaration(
        **{name: project[name] for name in declared},
        max_severity=Severity(project["max_severity"]),
        pay_note=project["pay_note"],
    )
    assert problems(declaration) == ()
    assert slug_problems(project["slug"]) == ()
    assert InstrumentName(project["instrument"])
    assert project["overlap"] == 3
    assert project["max_severity"] == max(item["severity"] for item in items)
    assert {item["language"] for item in items} <= set(project["languages"])
    assert project["language"] in project["languages"]
    assert set(project["open_to"]) <= set(ORGANISATIONS)
    assert project["content_notice"]


def test_only_the_harm_project_veils_from_s1() -> None:
    tiers = {project["slug"]: project["veil_tier"] for project in PROJECTS["projects"]}

    assert tiers == {"helpfulness": 2, "harm": 1, "multi-turn": 2}


@pytest.mark.parametrize("project", PROJECTS["projects"], ids=lambda project: project["slug"])
def test_guidelines_are_short_and_have_a_heading_and_examples(project: Row) -> None:
    text = (DEMO / project["guidelines"]).read_text(encoding="utf-8")

    assert text.startswith("# ")
    assert "xample" in text
    assert 150 <= len(text.split()) <= 500
    assert guidelines_problems(text) == ()
    assert not render(text, "markdown").fell_back


@pytest.mark.parametrize("slug", ITEM_FILES)
def test_latent_qualities_cover_every_item_once(slug: str) -> None:
    ids = [item["id"] for item in rows(ITEM_FILES[slug])]

    assert [entry["id"] for entry in LATENT[slug]] == ids


@pytest.mark.parametrize("slug", [slug for slug, name in ITEM_FILES.items() if name in COMPARISONS])
def test_comparisons_lean_within_the_scale_to_both_sides_with_ties_and_both_bad(slug: str) -> None:
    entries = LATENT[slug]
    leans = Counter(entry["lean"] for entry in entries)

    assert set(leans) <= set(range(-3, 4))
    assert leans[0] >= 4
    first, second = (sum(leans[side * size] for size in (1, 2, 3)) for side in (-1, 1))
    assert 0.4 < first / (first + second) < 0.7
    assert all(0 < entry["noise"] <= 2 and 0 <= entry["both_bad"] <= 1 for entry in entries)
    assert sum(entry["both_bad"] >= 0.4 for entry in entries) >= 2


def test_harm_qualities_fit_each_completion_and_stay_within_the_screened_severity() -> None:
    latent = {entry["id"]: entry for entry in LATENT["harm"]}

    for item in rows("harm"):
        found: list[dict[str, Any]] = latent[item["id"]]["completions"]
        assert len(found) == len(item["completions"])
        assert max((max(each.values(), default=0) for each in found), default=0) == item["severity"]
        assert {category for each in found for category in each} <= set(item["hazards"])
        assert {} in found, f"{item['id']} has no benign completion"
        assert 0 < latent[item["id"]]["noise"] <= 1


def test_every_labeler_has_habits() -> None:
    habits = LATENT["labelers"]

    assert [each["email"] for each in habits] == [person["email"] for person in labelers()]
    assert all(each["noise"] > 0 and each["pace"] > 0 for each in habits)
    assert all(abs(each["first_bias"]) <= 0.5 for each in habits)


def test_the_demonstration_says_under_which_licence_it_is() -> None:
    assert "Apache-2.0" in (DEMO / "LICENCE.txt").read_text(encoding="utf-8")
