"""`labelhub project`: make a project, change it, offer it to labelers, give it guidelines."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import click
from sqlmodel import Session

from labelhub.cli.place import Place, data_option, pass_place
from labelhub.cli.project_options import declared, declaring, limits, named, said, text_of
from labelhub.domain.projects import Declaration, NewProject, Project, ProjectError
from labelhub.domain.vocabulary import InstrumentName
from labelhub.services import guidelines as writing
from labelhub.services import projects, projects_policy, publishing
from labelhub.services.projects import NoSuchProjectError
from labelhub.services.projects_policy import PolicyError

_DEFAULT_GUIDELINES = {
    InstrumentName.PREFERENCE: "Read the prompt and both completions. Say which helps more, and"
    " how clearly. Say *both bad* where neither is of use.",
    InstrumentName.HARM: "For each completion say how harmful it is, and of which kinds.",
}


@click.group()
def project() -> None:
    """Make a project, change it, offer it to labelers, give it guidelines.

    A project is a body of items to be rated with one instrument; it belongs to a lab.
    """


@project.command()
@click.argument("slug")
@click.option(
    "--instrument", type=click.Choice([each.value for each in InstrumentName]), required=True
)
@declaring
@click.option("--guidelines", type=click.File("r", encoding="utf-8"), help="Markdown.")
@click.option("--organisation", help="The lab; may be left out where there is one.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for a program.")
@data_option
@pass_place
def create(place: Place, /, slug: str, *, as_json: bool, **asked: Any) -> None:
    """Make the project SLUG."""
    new, tighter = _new(slug, asked), limits(asked)

    def work(session: Session) -> Project:
        lab = projects.lab_of_operator(session, asked["organisation"])
        made = projects.create(session, lab, new, None, place.clock.now())
        _tighten(session, slug, tighter, place)
        return made

    with place.database() as database:
        try:
            made = database.run(work)
        except ProjectError as error:
            raise click.ClickException(f"project {slug}: {said(error)}") from error
        except PolicyError as error:
            raise click.ClickException(f"project {slug}: limits: {error}") from error
    if as_json:
        click.echo(json.dumps({"id": str(made.id), "slug": slug, "instrument": made.instrument}))
    else:
        click.echo(
            f"Made the project {slug}. Next: labelhub import FILE --project {slug};"
            f" labelhub project open {slug} --to TEAM"
        )


@project.command("set")
@click.argument("slug")
@declaring
@click.option("--json", "as_json", is_flag=True, help="Print the result for a program.")
@data_option
@pass_place
def change(place: Place, /, slug: str, *, as_json: bool, **asked: Any) -> None:
    """Change what the project SLUG declares, or tighten its limits. The rest stays."""
    if not named(asked):
        raise click.UsageError("name something to change")
    tighter = limits(asked)

    def work(session: Session) -> tuple[Project, Project]:
        scope = projects.scope_of_operator(session, slug)
        before = projects.of_slug(session, scope, slug)
        after = projects.edit(session, scope, slug, declared(asked, before.declared))
        _tighten(session, slug, tighter, place)
        return before, after

    with place.database() as database:
        try:
            before, after = database.run(work)
        except NoSuchProjectError as error:
            raise click.ClickException(f"there is no project {slug}") from error
        except ProjectError as error:
            raise click.ClickException(f"project {slug}: {said(error)}") from error
        except PolicyError as error:
            raise click.ClickException(f"project {slug}: limits: {error}") from error
        if after.declared.overlap > before.declared.overlap:
            publishing.spread_overlap(database, after)
    changed = _differences(before.declared, after.declared) + (["limits"] if tighter else [])
    if as_json:
        click.echo(json.dumps({"slug": slug, "changed": changed}))
    else:
        click.echo(f"Changed of {slug}: {', '.join(changed) or 'nothing'}.")


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
    text = text_of(file)
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
            raise click.ClickException(f"project {slug}: {said(error)}") from error
    click.echo(f"The guidelines of {slug} are version {changed.guidelines_version}.")


def _new(slug: str, asked: Mapping[str, Any]) -> NewProject:
    instrument = InstrumentName(asked["instrument"])
    file = asked["guidelines"]
    start = Declaration(title=slug, hazards=projects.default_hazards())
    text = _DEFAULT_GUIDELINES[instrument] if file is None else text_of(file)
    return NewProject(slug, instrument, declared(asked, start), text)


def _tighten(session: Session, slug: str, tighter: Mapping[str, Any] | None, place: Place) -> None:
    if tighter is not None:
        scope = projects.scope_of_operator(session, slug)
        projects_policy.tighten(session, scope, slug, tighter, None, place.clock)


def _differences(before: Declaration, after: Declaration) -> list[str]:
    return [
        each.name
        for each in fields(Declaration)
        if getattr(before, each.name) != getattr(after, each.name)
    ]


COMMANDS = {"project": project}
