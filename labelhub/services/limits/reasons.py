"""Why each limit is there, and on what it rests: read from the shipped limits' own file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import orjson

from labelhub.domain.welfare.limits import LimitId
from labelhub.resources import resource_dir

_SOURCE = re.compile(r"S-\d\d[a-z]?")


@dataclass(frozen=True, slots=True)
class Source:
    """A publication; `checked`: what is cited was read in it, else it is cited from memory."""

    id: str
    title: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a limit exists, in a sentence. Without sources it is a choice of this product."""

    sentence: str
    sources: tuple[Source, ...]
    design: bool  # a number of it, or all of it, is a choice of this product


@lru_cache(maxsize=1)
def of_limits() -> Mapping[LimitId, Reason]:
    """Return the reason of every limit, in the order of working-standards.md."""
    path = resource_dir("seed") / "policy" / "default.json"
    file = orjson.loads(path.read_bytes())
    known = {
        name: Source(name, one["title"], one["mark"] == "checked")
        for name, one in file["sources"].items()
    }
    cited: dict[str, list[str]] = {}
    for entry in file["limits"].values():
        cited.setdefault(entry["limit"], []).append(entry["source"])
    return {
        limit: Reason(
            sentence=file["reasons"][limit],
            sources=tuple(known[name] for name in _ids(cited[limit])),
            design=any("design" in source for source in cited[limit]),
        )
        for limit in LimitId
    }


def _ids(sources: list[str]) -> list[str]:
    return list(dict.fromkeys(_SOURCE.findall(" ".join(sources))))
