"""Attempts are counted once for all workers, exactly, and run out with time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from labelhub.domain.accounts import Allowance
from labelhub.services import throttling
from labelhub.store.database import Database
from tests.worlds import START

FIVE = Allowance(5, timedelta(minutes=15))


def take(database: Database, key: str = "k", minutes: float = 0) -> bool:
    now = START + timedelta(minutes=minutes)
    return database.run(lambda session: throttling.take(session, key, FIVE, now))


def test_an_allowance_is_used_up_and_comes_back(database: Database) -> None:
    assert [take(database) for _ in range(7)] == [True] * 5 + [False] * 2
    assert take(database, "another")
    assert not take(database, minutes=15)
    assert take(database, minutes=18.1)  # a fifth of the window has passed


def test_refused_attempts_do_not_prolong_the_wait(database: Database) -> None:
    for minute in range(15):
        for _ in range(10):
            take(database, minutes=minute)

    assert take(database, minutes=19)


def test_workers_racing_get_no_attempt_more(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: take(database), range(24)))

    assert taken.count(True) == 5


def test_old_counts_are_forgotten(database: Database) -> None:
    take(database)

    gone = [
        database.run(lambda session: throttling.forget_old(session, START + timedelta(days=2)))
        for _ in range(2)
    ]

    assert gone == [1, 0]
