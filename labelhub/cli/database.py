"""`labelhub db`: bring the schema up or down, or tell whether it is current."""

import click

from labelhub.cli.place import Place, data_option, pass_place
from labelhub.store import migrations


@click.group()
@data_option
def db() -> None:
    """Upgrade, downgrade or check the database."""


@db.command()
@data_option
@pass_place
def upgrade(place: Place) -> None:
    """Bring the database to this program's schema."""
    with place.database(current=False) as database:
        migrations.upgrade(database)
        click.echo(f"The database is at {migrations.revision(database)}.")


@db.command(context_settings={"ignore_unknown_options": True})  # -1 is a revision
@click.argument("revision")
@data_option
@pass_place
def downgrade(place: Place, revision: str) -> None:
    """Bring the database down to REVISION (a name, `-1`, or `base`)."""
    from alembic.util import CommandError  # noqa: PLC0415 slow to load, needed here alone

    with place.database(current=False) as database:
        try:
            migrations.downgrade(database, revision)
        except CommandError as error:
            raise click.ClickException(f"cannot go down to {revision!r}: {error}") from error
        click.echo(f"The database is at {migrations.revision(database) or 'nothing'}.")


@db.command()
@data_option
@pass_place
def check(place: Place) -> None:
    """Succeed if the database has this program's schema."""
    with place.database(current=False) as database:
        problems = migrations.check(database)
    if problems:
        raise click.ClickException(f"{'; '.join(problems)}; run `labelhub db upgrade`")
    click.echo("The database is current.")


COMMANDS = {"db": db}
