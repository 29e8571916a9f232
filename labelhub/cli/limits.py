"""`labelhub limits`: show what protects people, and make it stricter."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from sqlmodel import Session

from labelhub.cli.place import Place, data_option, pass_place
from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.limits import PolicyError
from labelhub.domain.welfare.policy_text import LONGEST, parse
from labelhub.services.limits import of_operator, tightening
from labelhub.services.limits.of_operator import NothingNamedError, Shown

_LAYERS = [each.value for each in Layer if each is not Layer.LABELER]


@click.group()
def limits() -> None:
    """Show the limits that protect people, or make them stricter.

    One person only tightens. Loosening is asked for on the pages, waits seven days and takes a
    second person; a labeler's own limits are theirs alone. No number is a proven safe level.
    """


@limits.command()
@click.option("--vendor", help="With the limits of this vendor, or of a lab's own labelers.")
@click.option("--project", help="With the limits of this project.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for a program.")
@data_option
@pass_place
def show(place: Place, vendor: str | None, project: str | None, *, as_json: bool) -> None:
    """Show every limit in force, its unit, and the layer that set it."""
    with place.database() as database:
        try:
            found = database.run(
                lambda session: of_operator.shown(session, vendor, project, place.clock)
            )
        except NothingNamedError as error:
            raise click.ClickException(str(error)) from error
    if as_json:
        rows = {one.name: _row(one) for one in found}
        click.echo(json.dumps({"limits": rows}))
        return
    for one in found:
        click.echo(f"{one.limit:<5} {one.name:<20} {_value(one.value)} {one.unit} ({one.set_by})")
    click.echo("Precautionary; no study has established a safe level.")


@limits.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--layer", type=click.Choice(_LAYERS), required=True)
@click.option("--vendor", help="Which vendor, or lab with labelers of its own.")
@click.option("--project", help="Which project.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for a program.")
@data_option
@pass_place
def tighten(
    place: Place,
    file: Path,
    layer: str,
    vendor: str | None,
    project: str | None,
    *,
    as_json: bool,
) -> None:
    """Make the limits that FILE names stricter; the others stay. They hold at once."""
    document = _document(file)
    _check_named(layer, vendor, project)

    def work(session: Session) -> tuple[str, ...]:
        whose = of_operator.named(session, Layer(layer), vendor or project or "")
        return tightening.tighten(session, whose, document, None, place.clock)

    with place.database() as database:
        try:
            changed = database.run(work)
        except NothingNamedError as error:
            raise click.ClickException(str(error)) from error
        except PolicyError as error:
            raise click.ClickException(f"{file.name}: {error}") from error
    if as_json:
        click.echo(json.dumps({"layer": layer, "changed": list(changed)}))
    else:
        click.echo(f"Stricter from now on: {', '.join(changed) or 'nothing'}.")


def _document(file: Path) -> Mapping[str, Any]:
    try:
        with file.open(encoding="utf-8") as opened:
            return parse(opened.read(LONGEST + 1))
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file.name}: is not UTF-8 text") from error
    except OSError as error:
        raise click.ClickException(f"{file.name}: cannot be read") from error
    except PolicyError as error:
        raise click.ClickException(f"{file.name}: {error}") from error


def _check_named(layer: str, vendor: str | None, project: str | None) -> None:
    """Refuse a layer without its name, or a name of another layer."""
    for kind, name in ((Layer.VENDOR, vendor), (Layer.PROJECT, project)):
        if layer == kind and name is None:
            raise click.UsageError(f"--layer {layer} needs --{kind}")
        if layer != kind and name is not None:
            raise click.UsageError(f"--{kind} does not go with --layer {layer}")


def _row(one: Shown) -> dict[str, Any]:
    return {"value": one.value, "unit": one.unit, "limit": one.limit, "set_by": one.set_by}


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


COMMANDS = {"limits": limits}
