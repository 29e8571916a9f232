"""`labelhub release`: build a dataset that trains, and check one."""

import json
from pathlib import Path
from typing import Any

import click

from labelhub.cli.place import Place, data_option, pass_place
from labelhub.domain.projects import Scope
from labelhub.domain.release.manifest import Manifest
from labelhub.domain.release.spec import (
    FileType,
    Format,
    Neither,
    ReleaseSpec,
    Rules,
    SpecError,
    SplitPolicy,
    System,
)
from labelhub.services import projects, releases
from labelhub.services.projects import NoSuchProjectError
from labelhub.services.releases import NothingToReleaseError, Wanted

_UNBUILT_KEY = bytes(32)  # replaced by a random one when the release is built


class BuildOrVerify(click.Group):
    """`release SLUG …` builds; `release verify DIR` checks."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] != "verify":
            return "build", self.commands["build"], args
        return super().resolve_command(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "SLUG --format NAME --out DIR | verify DIR")


@click.group(cls=BuildOrVerify)
def release() -> None:
    """Build a release of a project's ratings, or verify one.

    See `labelhub release build --help` for what a release can be.
    """


@release.command()
@click.argument("slug")
@click.option("--format", "form", type=click.Choice([one.value for one in Format]), required=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--file-type", type=click.Choice([one.value for one in FileType]))
@click.option("--name", help="The release's name; the project's, unless given.")
@click.option("--min-votes", type=click.IntRange(1), default=1, show_default=True)
@click.option("--min-agreement", type=click.FloatRange(0, 1), default=0.0, show_default=True)
@click.option("--ties", type=click.Choice([one.value for one in Neither]), help="What a tie does.")
@click.option(
    "--both-bad", type=click.Choice([one.value for one in Neither]), help="What *both bad* does."
)
@click.option(
    "--system",
    type=click.Choice([one.value for one in System]),
    help="What a system prompt becomes.",
)
@click.option("--margin-scale", type=float, default=1.0, show_default=True)
@click.option("--split", default="90/0/10", show_default=True, help="train/validation/test in %.")
@click.option("--seed", default="labelhub", show_default=True, help="Decides the splits.")
@click.option("--harm-threshold", type=click.IntRange(1, 4), help="From this severity on: bad.")
@click.option("--unpaired-from-pairs", is_flag=True, help="Wins and losses become labels.")
@click.option("--with-raw", is_flag=True, help="Add every rating beside the trainer's format.")
@click.option("--once", is_flag=True, help="Do not build twice to compare the bytes.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest for a program.")
@data_option
@pass_place
def build(place: Place, /, slug: str, out: Path, *, as_json: bool, **asked: Any) -> None:
    """Build a release of project SLUG into the folder DIR, which must be new or empty."""
    spec = _spec(place, slug, asked)
    with place.database() as database:
        try:
            with database.reading() as session:
                scope: Scope = projects.scope_of_operator(session, slug)
            wanted = Wanted(slug, spec, out.absolute(), compare=not asked["once"])
            manifest = releases.build(database, scope, wanted, None, place.clock.now())
        except NoSuchProjectError as error:
            raise click.ClickException(f"there is no project {slug}") from error
        except (NothingToReleaseError, SpecError) as error:
            raise click.ClickException(f"{slug}: {error}") from error
        except FileExistsError as error:
            raise click.ClickException(f"{out}: the folder is not empty") from error
    _tell(manifest, out, twice=not asked["once"], as_json=as_json)


@release.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the problems for a program.")
def verify(folder: Path, *, as_json: bool) -> None:
    """Check the release in FOLDER: every hash, every count, and that it will load."""
    problems = releases.verify_release(folder)
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "problems": problems}))
    else:
        for problem in problems:
            click.echo(problem)
    if problems:
        raise click.ClickException(f"{folder}: {len(problems)} problems")
    if not as_json:
        click.echo(f"{folder}: whole")


def _spec(place: Place, slug: str, asked: dict[str, Any]) -> ReleaseSpec:
    try:
        rules = Rules(
            min_votes=asked["min_votes"],
            min_agreement=asked["min_agreement"],
            ties=Neither(asked["ties"]) if asked["ties"] else None,
            both_bad=Neither(asked["both_bad"]) if asked["both_bad"] else None,
            system=System(asked["system"]) if asked["system"] else None,
            margin_scale=asked["margin_scale"],
            unpaired_from_pairs=asked["unpaired_from_pairs"],
            harm_threshold=asked["harm_threshold"],
            split=_split(asked["split"], asked["seed"]),
        )
        return ReleaseSpec(
            release=asked["name"] or slug,
            format=Format(asked["form"]),
            key=_UNBUILT_KEY,
            snapshot_at=place.clock.now(),
            file_type=FileType(asked["file_type"]) if asked["file_type"] else None,
            rules=rules,
            project=slug,
            with_raw=asked["with_raw"],
        )
    except SpecError as error:
        raise click.ClickException(str(error)) from error


def _split(text: str, seed: str) -> SplitPolicy:
    try:
        train, validation, test = (float(part) / 100 for part in text.split("/"))
    except ValueError as error:
        raise click.ClickException(f"--split {text!r} is not like 90/0/10") from error
    return SplitPolicy(seed, train, validation, test)


def _tell(manifest: Manifest, out: Path, *, twice: bool, as_json: bool) -> None:
    if as_json:
        click.echo((out / "manifest.json").read_text(encoding="utf-8"))
        return
    for file in manifest.files:
        click.echo(f"{file.sha256}  {file.rows:>9} rows  {out / file.path}")
    click.echo(f"{out}: digest {manifest.digest}" + (", built twice, same bytes" if twice else ""))


COMMANDS = {"release": release}
