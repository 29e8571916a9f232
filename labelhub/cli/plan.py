"""`labelhub plan`: how long a team takes for a project inside the limits, and what binds."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from labelhub.cli.place import Place, data_option, pass_place
from labelhub.domain.planning.plan import MOST_RUNS, RUNS, Change, Job, Plan, WhatIf
from labelhub.domain.planning.spread import Spread
from labelhub.domain.planning.team import Team
from labelhub.domain.planning.team_file import TeamError, read
from labelhub.services import planning, projects
from labelhub.services.planning import PlanError
from labelhub.services.projects import NoSuchProjectError

_LARGEST = 1 << 20
_FEWEST = 3
_MOST_DIGITS = 18
_PRECAUTION = "The limits are precautionary; no study has established a safe level."
_CHANGES = {
    Change.PERSON: "one more person",
    Change.MILD: "mild work of another project at hand",
}


@click.command()
@click.argument("slug")
@click.option(
    "--team",
    "team_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="The people, as JSON (docs/capacity.md).",
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.option("--runs", type=click.IntRange(_FEWEST, MOST_RUNS), default=RUNS, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the plan for a program.")
@data_option
@pass_place
def plan(place: Place, slug: str, team_file: Path, seed: int, runs: int, *, as_json: bool) -> None:
    """Plan the project SLUG: days to finish inside the limits, and which limit binds.

    The same seed and the same input give the same plan.
    """
    team = _team(team_file)
    wanted = _prepared(place, slug, team, seed, runs)
    made = _made(wanted)
    click.echo(json.dumps(_document(slug, made)) if as_json else "\n".join(_lines(slug, made)))


def _team(path: Path) -> Team:
    """Read the team's file, or end the command naming the place in it."""
    if path.stat().st_size > _LARGEST:
        raise click.ClickException(f"{path}: larger than 1 MiB; a team is a few lines")
    try:
        text = path.read_text(encoding="utf-8")
        return read(
            json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_whole)
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise click.ClickException(f"{path}: {where}: {error.msg}; write JSON") from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path}: byte {error.start} is not UTF-8") from error
    except RecursionError as error:
        raise click.ClickException(f"{path}: nested too deeply for a team") from error
    except TeamError as error:
        raise click.ClickException(f"{path}: {error}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise TeamError(f"{', '.join(twice)}: named twice in one object; keep one")
    return found


def _no_constant(name: str) -> None:
    raise TeamError(f"{name} is no number; write one")


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise TeamError(f"a number of {len(digits)} digits; write a smaller one")
    return int(digits)


def _prepared(place: Place, slug: str, team: Team, seed: int, runs: int) -> tuple[Job, ...]:
    with place.database() as database, database.reading() as session:
        try:
            scope = projects.scope_of_operator(session, slug)
            return planning.prepare(session, scope, slug, team, place.clock, seed=seed, runs=runs)
        except NoSuchProjectError as error:
            raise click.ClickException(f"there is no project {slug}") from error
        except PlanError as error:
            raise click.ClickException(f"project {slug}: {error}") from error


def _made(wanted: tuple[Job, ...]) -> Plan:
    """Make the runs, showing on a terminal how many are done."""
    columns = (TextColumn("Runs of the plan"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(wanted))
        return planning.make(
            wanted,
            lambda done, _all: progress.update(task, completed=done),
            processes=planning.processes_for(wanted),
        )


def _lines(slug: str, made: Plan) -> Iterable[str]:
    yield (
        f"{slug}: {made.ratings} ratings, {made.people} people,"
        f" {made.runs} runs, seed {made.seed}. Counted from a Monday at midnight."
    )
    yield f"Finished after {_days(made.finish)}."
    for tier, left in sorted(made.left.items()):
        ready = f"after {_days(made.tiers[tier])}" if not left else f"never: {left} are left"
        yield f"  {tier.name}: {ready}"
    if made.binding is None:
        yield "No limit held anybody up; the hours of the team decide."
    else:
        yield (
            f"Held up by limits: {made.held_hours:.1f} person-hours"
            f" ({made.held_share:.0%} of the hours). Longest: {made.binding.cause}."
        )
        for each in made.held:
            yield f"  {each.cause}: {each.hours:.1f} h, {each.share:.0%}"
    for what_if in made.what_ifs:
        yield f"With {_CHANGES[what_if.change]}: {_difference(what_if)}."
    yield (
        f"The interval is the least and the greatest of the runs: a further one lies inside with"
        f" a chance of {made.runs - 1} in {made.runs + 1}."
    )
    yield _PRECAUTION


def _days(spread: Spread) -> str:
    if spread.low is None or spread.median is None:
        return "no time at all: it is not finished within a year, or never"
    high = "never" if spread.high is None else f"{spread.high:.2f}"
    return f"{spread.median:.2f} days ({spread.low:.2f} to {high})"


def _difference(what_if: WhatIf) -> str:
    if what_if.difference is None:
        return f"finished after {_days(what_if.finish)}"
    found = what_if.difference
    return (
        f"{found.median:+.2f} days ({found.low:+.2f} to {found.high:+.2f}),"
        f" {what_if.runs} runs with the same draws"
    )


def _document(slug: str, made: Plan) -> dict[str, Any]:
    """Return the plan for a program; days are numbers, null is never."""
    return {
        "project": slug,
        "seed": made.seed,
        "runs": made.runs,
        "people": made.people,
        "ratings": made.ratings,
        "days": _spread(made.finish),
        "tiers": {
            tier.name: {"days": _spread(each), "left": made.left[tier]}
            for tier, each in sorted(made.tiers.items())
        },
        "binding": made.binding.cause if made.binding else None,
        "held": [
            {"limit": each.cause, "hours": each.hours, "share": each.share} for each in made.held
        ],
        "held_share_of_hours": made.held_share,
        "worked_hours": made.worked_hours,
        "mild_hours_elsewhere": made.filled_hours,
        "curve": [
            {"day": each.day, "low": each.low, "median": each.median, "high": each.high}
            for each in made.curve
        ],
        "changes": [_changed(each) for each in made.what_ifs],
        "precaution": _PRECAUTION,
    }


def _changed(what_if: WhatIf) -> dict[str, Any]:
    found = what_if.difference
    return {
        "change": what_if.change.value,
        "runs": what_if.runs,
        "days": _spread(what_if.finish),
        "difference": None if found is None else _spread(found),
        "left": what_if.left,
    }


def _spread(spread: Spread) -> dict[str, float | None]:
    return {"low": spread.low, "median": spread.median, "high": spread.high}


COMMANDS = {"plan": plan}
