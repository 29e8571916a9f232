"""What `labelhub project create` and `set` say of a project: options, and files of JSON."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from labelhub.domain.projects import (
    MAX_OVERLAP,
    NEVER_VEILED,
    RENDER_STYLES,
    Declaration,
    Fault,
    Problem,
    ProjectError,
)
from labelhub.domain.taxonomy import HazardCategory, TaxonomyError, parse
from labelhub.domain.vocabulary import Severity

Command = TypeVar("Command", bound=Callable[..., Any])

_TIERS = click.Choice([tier.name for tier in Severity])
_JSON = click.Path(path_type=Path, exists=True, dir_okay=False)
_OPTIONS = (
    click.option("--title", help="What labelers see; else the short name."),
    click.option("--summary", help="What it is about; a release repeats it."),
    click.option(
        "--pay", help='What labelers are told before joining, such as "12.40 EUR an hour".'
    ),
    click.option("--overlap", type=click.IntRange(1, MAX_OVERLAP), help="Ratings an item; else 1."),
    click.option("--max-severity", type=_TIERS, help="The highest that may appear; else S0."),
    click.option("--veil", type=_TIERS, help="Veiled from here on; else S2."),
    click.option("--no-veil", is_flag=True, help="Veil nothing by the project's own choice."),
    click.option("--notice", help="What is told before joining; needed from S2 on."),
    click.option("--language", help="Of the items, as BCP 47; else en."),
    click.option("--style", type=click.Choice(RENDER_STYLES), help="Of the texts; else markdown."),
    click.option("--hazards", type=_JSON, help="Kinds of harm, JSON: [{id, name, definition}, …]."),
    click.option("--limits", type=_JSON, help="Tighter limits, JSON as seed/policy/default.json."),
)
_SAID = {
    Fault.MISSING: "is needed",
    Fault.TOO_LONG: "is longer than {} characters",
    Fault.NOT_A_SLUG: "must be small letters, digits and hyphens, 64 at most",
    Fault.TAKEN: "is taken",
    Fault.OUT_OF_RANGE: "must be in {}",
    Fault.NOT_A_LANGUAGE: "is no language tag such as en or pt-BR",
    Fault.NOT_A_STYLE: "must be one of {}",
    Fault.HAZARDS: "cannot be used: {}",
    Fault.NOTICE_MISSING: "is needed (--notice) where texts may be {}",
    Fault.OVERLAP_FALLS: "cannot fall below {}: there are items",
    Fault.SEVERITY_RISES: "cannot rise above {}: people have joined",
    Fault.VEIL_RISES: "cannot rise above {}: people have joined",
    Fault.NO_LAB: "must be a lab (--organisation; {})",
    Fault.NOT_TEXT: "holds a character that cannot be kept",
}


def declaring(command: Command) -> Command:
    """Give a command the options of a declaration. None of them has a default of its own."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def declared(asked: Mapping[str, Any], was: Declaration) -> Declaration:
    """Return *was* with what was asked for; what was not named stays."""
    if asked["no_veil"] and asked["veil"]:
        raise click.UsageError("--veil and --no-veil exclude each other")
    wanted: dict[str, Any] = {
        "title": asked["title"],
        "summary": asked["summary"],
        "pay_note": asked["pay"],
        "overlap": asked["overlap"],
        "content_notice": asked["notice"],
        "language": asked["language"],
        "render_style": asked["style"],
        "hazards": asked["hazards"] and _hazards(asked["hazards"]),
        "max_severity": asked["max_severity"] and Severity[asked["max_severity"]],
        "veil_tier": asked["veil"] and max(1, int(Severity[asked["veil"]])),
    }
    if asked["no_veil"]:
        wanted["veil_tier"] = NEVER_VEILED
    return replace(was, **{name: value for name, value in wanted.items() if value is not None})


def limits(asked: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the policy document that was named; its values are checked where they are set."""
    if asked["limits"] is None:
        return None
    document = _read(asked["limits"])
    if not isinstance(document, dict):
        raise click.ClickException(f"{asked['limits'].name}: is not a JSON object")
    return document


def named(asked: Mapping[str, Any]) -> bool:
    """Whether anything was asked for."""
    return any(asked[option] not in {None, False} for option in asked)


def said(error: ProjectError) -> str:
    return "; ".join(_sentence(problem) for problem in error.problems)


def text_of(file: Any) -> str:
    try:
        text: str = file.read()
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{Path(file.name).name}: is not UTF-8 text") from error
    return text


def _hazards(path: Path) -> tuple[HazardCategory, ...]:
    document = _read(path)
    rows = document.get("categories") if isinstance(document, dict) else document
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise click.ClickException(f"{path.name}: is not a list of {{id, name, definition}}")
    try:
        return parse(rows)
    except TaxonomyError as error:
        raise click.ClickException(f"{path.name}: {error}") from error


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path.name}: is not UTF-8 text") from error
    except (json.JSONDecodeError, RecursionError) as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise click.ClickException(f"{path.name}{where}: is not JSON") from error
    except OSError as error:
        raise click.ClickException(f"{path.name}: {error.strerror}") from error


def _sentence(problem: Problem) -> str:
    words = _SAID.get(problem.fault, problem.fault.value.replace("_", " "))
    return f"{problem.field} {words.format(problem.detail)}"
