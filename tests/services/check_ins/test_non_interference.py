"""M16 for check-ins: nobody else can tell two histories apart that differ in check-ins alone."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from labelhub.settings import Settings
from labelhub.store.database import Database
from labelhub.web.context import EXTENSION
from tests.services.check_ins.histories import Told, told
from tests.support.application import SECRET_KEY, make_app
from tests.worlds import HandClock

SEED = 20_261_122
PAIRS = int(os.environ.get("LABELHUB_PAIRS", "8"))  # 200 take some minutes
BATCHES = 2
ON_POSTGRES = 2


Happens = Callable[[int, str], Told]


@contextmanager
def happening(database: Database, folder: Path) -> Iterator[Happens]:
    """Return how a variant of a history happens.

    One happens before: what is made once a process would otherwise draw from chance in the first.
    """
    url = database.url.render_as_string(hide_password=False)
    app = make_app(Settings(data=folder, database_url=url, secret_key=SECRET_KEY), HandClock())
    first = app.extensions[EXTENSION].database
    told(app, database, 0, "before")
    yield lambda seed, variant: told(app, database, seed, variant)
    first.dispose()


@pytest.fixture
def happens(sqlite_database: Database, tmp_path: Path) -> Iterator[Happens]:
    with happening(sqlite_database, tmp_path) as one:
        yield one


@pytest.mark.timeout(600)  # it costs what it costs; a busy machine is no failure
@pytest.mark.parametrize("batch", range(BATCHES))
def test_nobody_else_can_tell_what_was_answered(happens: Happens, batch: int) -> None:
    """Every byte to others, every decision and every row but the vault's is the same."""
    seeds = range(SEED + batch, SEED + PAIRS, BATCHES)
    print(f"seeds {seeds}")  # noqa: T201 to try one of them again
    prompts = parted = pages = 0
    for seed in seeds:
        one, other = happens(seed, "one"), happens(seed, "two")
        assert one.parted_from(other) == [], f"seed {seed}"
        prompts += one.prompts
        parted += one.vault != other.vault
        pages += len(one.sent)
    print(f"{len(seeds)} pairs, {parted} parted, {prompts} prompts, {pages} pages")  # noqa: T201
    # The pairs are worth something only where the variants did differ and were asked.
    assert parted >= len(seeds) // 2
    assert prompts >= len(seeds) // 2


def test_nor_on_postgresql(postgres_database: Database, tmp_path: Path) -> None:
    with happening(postgres_database, tmp_path) as happens:
        for seed in range(SEED, SEED + ON_POSTGRES):
            one, other = happens(seed, "one"), happens(seed, "two")
            assert one.parted_from(other) == [], f"seed {seed}"


def test_a_difference_that_is_none_of_check_ins_is_found(happens: Happens) -> None:
    """The comparison can fail: another plan is another history."""
    one, again, other = happens(SEED, "one"), happens(SEED, "one"), happens(SEED + 1, "one")

    assert one.parted_from(again) == []
    assert one.rows != other.rows
