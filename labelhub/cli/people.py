"""`labelhub person`: invite somebody to a role, or let them back in."""

import json

import click

from labelhub.cli.place import Place, data_option, pass_place
from labelhub.domain.vocabulary import Role
from labelhub.services import invitations, organisations, resets
from labelhub.services.invitations import InvitationError
from labelhub.services.organisations import OrganisationError
from labelhub.services.resets import ResetError


@click.group()
def person() -> None:
    """Invite somebody to a role, or let them back in."""


@person.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--organisation", "slug", metavar="SLUG", required=True)
@click.option("--address", default="http://127.0.0.1:8000", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the result for a program.")
@data_option
@pass_place
def add(place: Place, email: str, role: str, slug: str, address: str, *, as_json: bool) -> None:
    """Invite EMAIL: print the link that makes the account, or adds the role to theirs."""
    if not _plausible(email):
        raise click.ClickException(f"{email!r} does not look like an e-mail address")
    keys = place.settings().secret_keys
    with place.database() as database:
        try:
            home = database.run(lambda session: organisations.get_by_slug(session, slug))
            token = database.run(
                lambda session: invitations.invite(
                    session, home.id, Role(role), email, None, keys, place.clock.now()
                )
            )
        except (OrganisationError, InvitationError) as error:
            raise click.ClickException(f"person {email}: {error}") from error
    link = f"{address.rstrip('/')}/invitation/{token}"
    if as_json:
        click.echo(json.dumps({"email": email, "role": role, "organisation": slug, "link": link}))
    else:
        click.echo(link)


@person.command()
@click.argument("email")
@click.option("--second-factor", is_flag=True, help="Their second factor goes too; it was lost.")
@click.option("--address", default="http://127.0.0.1:8000", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the result for a program.")
@data_option
@pass_place
def reset(place: Place, email: str, address: str, *, second_factor: bool, as_json: bool) -> None:
    """Print a link with which EMAIL chooses a new password; it works once, for one hour.

    Using it ends all of their sign-ins, and they see that it was made.
    """
    keys = place.settings().secret_keys
    with place.database() as database:
        try:
            token = database.run(
                lambda session: resets.make_for_address(
                    session, email, keys, place.clock, second_factor=second_factor
                )
            )
        except ResetError as error:
            raise click.ClickException(f"person {email}: {error}") from error
    link = f"{address.rstrip('/')}/reset/{token}"
    told = {"email": email, "second_factor": second_factor, "link": link}
    click.echo(json.dumps(told) if as_json else link)


def _plausible(email: str) -> bool:
    local, _, host = email.strip().rpartition("@")
    return bool(local and host) and email.isprintable() and " " not in email.strip()


COMMANDS = {"person": person}
