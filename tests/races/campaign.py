"""Run many rounds of the race: `python -m tests.races.campaign --rounds N --database URL`.

SQLite: every round has a file of its own beside the given one. PostgreSQL: the given database is
emptied before each round, so give one that holds nothing else, and say so with --empty-it.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from labelhub.store import migrations
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.races.plan import Plan
from tests.races.rounds import race


def main() -> int:
    """Run the rounds, print a line each, and return 1 as soon as anything is wrong."""
    asked = _asked()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**9)
    for number in range(asked.rounds):
        with tempfile.TemporaryDirectory(prefix="race-") as folder:
            url = asked.database or f"sqlite:///{folder}/race.db"
            _prepare(url, empty_it=asked.empty_it)
            plan = Plan(
                url, seed + number, Path(folder), processes=asked.processes, seconds=asked.seconds
            )
            report = race(plan)
            print(report.line(plan), flush=True)  # noqa: T201 its purpose
            for sentence in report.wrong:
                print(f"  {sentence}", flush=True)  # noqa: T201
            if report.wrong:
                return 1
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", help="an address; without it a new SQLite file a round")
    parser.add_argument("--empty-it", action="store_true", help="the database may be emptied")
    parser.add_argument("--seed", type=int, help="of the first round; the others count on")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=12.0)
    return parser.parse_args()


def _prepare(url: str, *, empty_it: bool) -> None:
    database = Database(url)
    migrations.upgrade(database)
    with database.writing() as session:
        connection = session.connection()
        if connection.execute(sa.select(metadata.tables["person"].c.id).limit(1)).first():
            if not empty_it:
                sys.exit("the database holds persons; give an empty one, or say --empty-it")
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
    database.dispose()


if __name__ == "__main__":
    sys.exit(main())
