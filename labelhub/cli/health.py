"""`labelhub health`: what an operator should know, each line with its state."""

import json
from dataclasses import asdict, dataclass

import click
from sqlmodel import Session

from labelhub.cli.place import Place, data_option, pass_place
from labelhub.services import installation
from labelhub.store import gate_clock, migrations
from labelhub.store.database import Database, sqlite_module

_SAFE_SQLITE = (3, 51, 3)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `ok` is False where something must be done."""

    what: str
    ok: bool
    says: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings for a program.")
@data_option
@pass_place
def health(place: Place, *, as_json: bool) -> None:
    """Look at settings, database, schema and gate time.

    Succeed if all is well.
    """
    loaded = place.settings()
    findings = [Finding("settings", ok=True, says=f"in {loaded.data}, own key, private")]
    with place.database(current=False) as database:
        findings += [_engine(database), _schema(database)]
        if findings[-1].ok:
            with database.reading() as session:
                findings += [_installation(session), _gate_time(session, place)]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            click.echo(f"{'ok ' if finding.ok else 'BAD'} {finding.what}: {finding.says}")
    if bad := [finding.what for finding in findings if not finding.ok]:
        raise click.ClickException(f"not healthy: {', '.join(bad)}")


def _engine(database: Database) -> Finding:
    if not database.is_sqlite:
        with database.engine.connect():
            says = "PostgreSQL; row security is off: it needs a second database role"
            return Finding("database", ok=True, says=says)
    version = sqlite_module().sqlite_version
    safe = tuple(int(part) for part in version.split(".")) >= _SAFE_SQLITE
    note = "" if safe else "; older than 3.51.3, so the writer lock carries it"
    with database.engine.connect():
        return Finding("database", ok=True, says=f"SQLite {version}{note}")


def _schema(database: Database) -> Finding:
    problems = migrations.check(database)
    says = f"{problems[0]}; run `labelhub db upgrade`" if problems else "current"
    return Finding("schema", ok=not problems, says=says)


def _installation(session: Session) -> Finding:
    found = installation.find(session)
    if found is None:
        return Finding("installation", ok=False, says="not made; run `labelhub init`")
    kind = "a demonstration" if found.demonstration else "in use"
    return Finding("installation", ok=True, says=f"{kind}, since {found.created_at:%Y-%m-%d}")


def _gate_time(session: Session, place: Place) -> Finding:
    if installation.find(session) is None:
        return Finding("gate time", ok=False, says="not started")
    tick = gate_clock.peek(session, place.clock)
    says = "verified" if tick.verified else "not verified since a restart: hard content waits"
    return Finding("gate time", ok=tick.verified, says=says)


COMMANDS = {"health": health}
