"""Does work in a process of its own while this one does something else."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Do *work* in a child process during the block; the block ends when both have ended.

    Nothing that cannot be shared may be open yet: no thread, no connection to a database. If the
    block fails, so does the work.

    Raises:
        click.ClickException: the work failed; the message is its own.

    """
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        _work(work, writes)
    os.close(writes)
    with os.fdopen(reads, encoding="utf-8") as saying:
        try:
            yield
            said = saying.read()
        except BaseException:
            os.kill(child, signal.SIGTERM)
            raise
        finally:
            _, status = os.waitpid(child, 0)
    if status:
        raise click.ClickException(said or f"ended with status {status} before it was done")


def _work(work: Callable[[], None], writes: int) -> None:
    """Do the work as the child and end with it: the parent's business is not the child's."""
    status = 1
    try:
        work()
        status = 0
    except click.ClickException as error:
        os.write(writes, error.message.encode())
    except BaseException as error:  # noqa: BLE001 whatever it was, only the parent can report it
        os.write(writes, f"{type(error).__name__}: {error}"[:500].encode())
    finally:
        os._exit(status)
