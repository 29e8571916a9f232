"""Reads the seed files for the tests beside it."""

from pathlib import Path
from typing import Any

import orjson

from labelhub.resources import resource_dir

SEED: Path = resource_dir("seed")
DEMO = SEED / "demo"
COMPARISONS = ("helpfulness", "multiturn")
ITEM_FILES = {"helpfulness": "helpfulness", "harm": "harm", "multi-turn": "multiturn"}
"""Project slug → the file of its items."""

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    lines = (DEMO / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [orjson.loads(line) for line in lines]


def document(*parts: str) -> Row:
    loaded: Row = orjson.loads(SEED.joinpath(*parts).read_bytes())
    return loaded


def category_ids() -> set[str]:
    categories = document("taxonomies", "ailuminate.json")["categories"]
    return {category["id"] for category in categories}


def texts(row: Row) -> list[str]:
    """Every text of an item: its turns, then its completions."""
    turns = [turn["content"] for turn in row["prompt"]]
    return turns + [completion["text"] for completion in row["completions"]]
