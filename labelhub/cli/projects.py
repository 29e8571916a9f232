"""`labelhub project`: make a project, offer it to labelers, give it new guidelines."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from labelhub.cli.place import Place, data_option, pass_place
from labelhub.domain.projects import (
    MAX_OVERLAP,
    NEVER_VEILED,
    Declaration,
    Fault,
    NewProject,
    Problem,
    ProjectError,
)
from labelhub.domain.vocabulary import InstrumentName, Severity
from labelhub.services import guidelines as writing
from labelhub.services import projects
from labelhub.services.projects import NoSuchProjectError

_TIERS = click.Choice([tier.name for tier in Severity])
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
    Fault.NO_LAB: "must be a lab (--organisation; {})",
    Fault.NOT_TEXT: "holds a character that cannot be kept",
}
_DEFAULT_GUIDELINES = {
    InstrumentName.PREFERENCE: "Read the prompt and both completions. Say which helps more, and"
    " how clearly. Say *both bad* where neither is of use.",
    InstrumentName.HARM: "For each completion say how harmful it is, and of which kinds.",
}


@click.group()
def project() -> None:
    """Make a project, offer it to labelers, give it new guidelines.

    A project is a body of items to be rated with one instrument; it belongs to a lab.
    """


@project.command()
@click.argument("slug")
@click.option(
    "--instrument", type=click.Choice([each.value for each in InstrumentName]), required=True
)
@click.option("--title", help="What labelers see; else the short name.")
@click.option("--overlap", type=click.IntRange(1, MAX_OVERLAP), default=1, show_default=True)
@click.option("--guidelines", type=click.File("r", encoding="utf-8"), help="Markdown.")
@click.option("--max-severity", type=_TIERS, default="S0", show_default=True)
@click.option("--veil", type=_TIERS, default="S2", show_default=True, help="Veiled from here on.")
@click.option("--no-veil", is_flag=True, help="Veil nothing by the project's own choice.")
@click.option("--notice", default="", help="What is told before joining; needed from S2 on.")
@click.option("--language", default="en", show_default=True, help="Of the items, as BCP 47.")
@click.option("--style", type=click.Choice(["markdown", "plain"]), default="markdown")
@click.option("--organisation", help="The lab; may be left out where there is one.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for a program.")
@data_option
@pass_place
def create(place: Place, /, slug: str, *, as_json: bool, **asked: Any) -> None:
    """Make the project SLUG."""
    new = _new(slug, asked)
    with place.database() as database:
        try:
            made = database.run(
                lambda session: projects.create(
                    session,
                    projects.lab_of_operator(session, asked["organisation"]),
                    replace(
                        new,
                        declared=replace(new.declared, hazards=projects.default_hazards()),
                    ),
                    None,
                    place.clock.now(),
                )
            )
        except ProjectError as error:
            raise click.ClickException(f"project {slug}: {_said(error)}") from error
    if as_json:
        click.echo(json.dumps({"id": str(made.id), "slug": slug, "instrument": made.instrument}))
    else:
        click.echo(f"Made the project {slug}. Next: labelhub import FILE --project {slug}")


@project.command("open")
@click.argument("slug")
@click.option("--to", "team", required=True, help="A vendor, or the project's own lab.")
@data_option
@pass_place
def open_to(place: Place, slug: str, team: str) -> None:
    """Offer the project SLUG to the labelers of a team."""
    with place.database() as database:
        try:
            database.run(
                lambda session: projects.open_to_named(session, slug, team, place.clock.now())
            )
        except NoSuchProjectError as error:
            message = f"there is no project {slug} that could be opened to {team}"
            raise click.ClickException(message) from error
    click.echo(f"Labelers of {team} can join {slug}.")


@project.command()
@click.argument("slug")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@data_option
@pass_place
def guidelines(place: Place, slug: str, file: Any) -> None:
    """Give the project SLUG the Markdown in FILE as its next guidelines."""
    text = _text(file)
    with place.database() as database:
        try:
            changed = database.run(
                lambda session: writing.write(
                    session,
                    projects.scope_of_operator(session, slug),
                    slug,
                    text,
                    None,
                    place.clock.now(),
                )
            )
        except NoSuchProjectError as error:
            raise click.ClickException(f"there is no project {slug}") from error
        except ProjectError as error:
            raise click.ClickException(f"project {slug}: {_said(error)}") from error
    click.echo(f"The guidelines of {slug} are version {changed.guidelines_version}.")


def _new(slug: str, asked: dict[str, Any]) -> NewProject:
    instrument = InstrumentName(asked["instrument"])
    file = asked["guidelines"]
    declared = Declaration(
        title=asked["title"] or slug,
        overlap=asked["overlap"],
        content_notice=asked["notice"],
        max_severity=Severity[asked["max_severity"]],
        veil_tier=NEVER_VEILED if asked["no_veil"] else max(1, int(Severity[asked["veil"]])),
        render_style=asked["style"],
        language=asked["language"],
    )
    text = _DEFAULT_GUIDELINES[instrument] if file is None else _text(file)
    return NewProject(slug, instrument, declared, text)


def _text(file: Any) -> str:
    try:
        text: str = file.read()
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{Path(file.name).name}: is not UTF-8 text") from error
    return text


def _said(error: ProjectError) -> str:
    return "; ".join(_sentence(problem) for problem in error.problems)


def _sentence(problem: Problem) -> str:
    words = _SAID.get(problem.fault, problem.fault.value.replace("_", " "))
    return f"{problem.field} {words.format(problem.detail)}"


COMMANDS = {"project": project}
