"""`labelhub organisation`: add a lab or a vendor."""

import json

import click

from labelhub.cli.place import Place, data_option, pass_place
from labelhub.domain.vocabulary import OrganisationKind
from labelhub.services import organisations
from labelhub.services.organisations import OrganisationError


@click.group()
def organisation() -> None:
    """Add a lab, which owns projects, or a vendor of labelers."""


@organisation.command()
@click.argument("slug")
@click.option("--kind", type=click.Choice([kind.value for kind in OrganisationKind]), required=True)
@click.option("--name", help="What people call it; else the short name.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for a program.")
@data_option
@pass_place
def add(place: Place, slug: str, kind: str, name: str | None, *, as_json: bool) -> None:
    """Add the organisation SLUG."""
    with place.database() as database:
        try:
            made = database.run(
                lambda session: organisations.add(
                    session, slug, name or slug, OrganisationKind(kind), place.clock
                )
            )
        except OrganisationError as error:
            raise click.ClickException(f"organisation {slug}: {error}") from error
    if as_json:
        click.echo(json.dumps({"id": str(made), "slug": slug, "kind": kind}))
    else:
        click.echo(f"Added the {kind} {slug}.")


COMMANDS = {"organisation": organisation}
