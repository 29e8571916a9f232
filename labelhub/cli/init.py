"""`labelhub init`: an empty installation, and the link that makes its first administrator."""

import os

import click

from labelhub import settings, signing_key
from labelhub.cli.place import Place, data_option, opened, pass_place
from labelhub.domain.vocabulary import Role
from labelhub.services import installation
from labelhub.store import migrations, people
from labelhub.store.database import Database


@click.command()
@click.option(
    "--address",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Where people will reach it; the link begins with this.",
)
@data_option
@pass_place
def init(place: Place, address: str) -> None:
    """Make an empty installation and a link for its administrator.

    It is a folder with a key and a database. Again, before there is an administrator, it makes
    another link.
    """
    folder = place.data
    settings.make_folder(folder)
    settings.make_key(settings.key_file(os.environ, folder))
    signing_key.make(folder)
    loaded = place.settings()
    with opened(loaded.database_url) as database:
        migrations.upgrade(database)
        made = database.run(lambda session: installation.make(session, place.clock))
        if not made and _administered(database):
            raise click.ClickException(
                f"{folder} is an installation already; `labelhub person add` invites more people"
            )
        token = database.run(
            lambda session: installation.invite_administrator(
                session, loaded.secret_keys, place.clock
            )
        )
    click.echo(f"Made an installation in {folder}.")
    click.echo("The first administrator's link; it works once, for seven days:")
    click.echo(f"{address.rstrip('/')}/invitation/{token}")
    click.echo("Start serving with: labelhub serve")


def _administered(database: Database) -> bool:
    with database.reading() as session:
        return people.count_with_role(session, Role.ADMINISTRATOR) > 0


COMMANDS = {"init": init}
