"""Work in a process of its own: both ends are waited for, and either failure is the whole's."""

import os
import signal
import time
from pathlib import Path

import click
import pytest

from labelhub.cli.meanwhile import meanwhile


def test_both_are_done_at_the_end_of_the_block(tmp_path: Path) -> None:
    def work() -> None:
        time.sleep(0.2)
        (tmp_path / "by").write_text(str(os.getpid()))

    with meanwhile(work):
        assert not (tmp_path / "by").exists()

    assert (tmp_path / "by").read_text() != str(os.getpid())


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (click.ClickException("the disk is full"), "the disk is full"),
        (ValueError("no such thing"), "ValueError: no such thing"),
    ],
)
def test_what_the_work_failed_with_is_told(error: Exception, says: str) -> None:
    def work() -> None:
        raise error

    with pytest.raises(click.ClickException) as told, meanwhile(work):
        pass

    assert told.value.message == says


def test_work_that_is_killed_is_not_taken_for_done() -> None:
    with (
        pytest.raises(click.ClickException, match="before it was done"),
        meanwhile(lambda: os.kill(os.getpid(), signal.SIGKILL)),
    ):
        pass


def test_a_block_that_fails_ends_the_work(tmp_path: Path) -> None:
    def work() -> None:
        (tmp_path / "by").write_text(str(os.getpid()))
        time.sleep(60)

    def interrupted() -> None:
        with meanwhile(work):
            while not (tmp_path / "by").exists() or not (tmp_path / "by").read_text():
                time.sleep(0.01)
            raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert time.monotonic() - began < 30
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "by").read_text()), 0)
