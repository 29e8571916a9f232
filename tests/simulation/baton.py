"""The baton: of all threads exactly one runs, and seeded dice say which is next."""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Ready = Callable[[], bool]


def _closed() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Runner:
    work: Callable[[], None]
    go: threading.Lock = field(default_factory=_closed)
    ready: Ready | None = None  # what it waits for
    done: bool = False

    @property
    def can_run(self) -> bool:
        return not self.done and (self.ready is None or self.ready())


class Baton:
    """Lets one thread run until it passes the baton on, waits, or is done."""

    def __init__(self, dice: random.Random, keep: float) -> None:
        """*keep* is how likely the one who runs goes on where it could pass the baton."""
        self._dice = dice
        self._keep = keep
        self._runners: list[_Runner] = []
        self._now: _Runner | None = None
        self._over = threading.Event()
        self._failed: list[BaseException] = []
        self.passes = 0

    def run(self, works: Sequence[Callable[[], None]]) -> None:
        """Run all of them to their ends; an error of any is raised here."""
        self._runners = [_Runner(work) for work in works]
        threads = [
            threading.Thread(target=self._one, args=(runner,), daemon=True)
            for runner in self._runners
        ]
        for thread in threads:
            thread.start()
        self._start(self._dice.choice(self._runners))
        self._over.wait()
        for thread in threads:
            thread.join()
        if self._failed:
            raise self._failed[0]

    def pass_(self) -> None:
        """Let the dice say who goes on: often the one who asks."""
        me = self._now
        if me is None or self._dice.random() < self._keep:
            return
        others = [one for one in self._runners if one.can_run]
        chosen = self._dice.choice(others)
        if chosen is not me:
            self._hand_over(me, chosen)

    def wait(self, ready: Ready) -> bool:
        """Let others run until *ready*; False where none of them can go on either."""
        me = self._now
        if me is None:
            return ready()
        me.ready = ready
        try:
            while not ready():
                others = [one for one in self._runners if one is not me and one.can_run]
                if not others:
                    return False
                self._hand_over(me, self._dice.choice(others))
        finally:
            me.ready = None
        return True

    def _one(self, runner: _Runner) -> None:
        runner.go.acquire()
        try:
            runner.work()
        except BaseException as error:  # noqa: BLE001 told to whoever waits for the end
            self._failed.append(error)
        runner.done = True
        left = [one for one in self._runners if not one.done]
        able = [one for one in left if one.can_run] or left
        if able:
            self._start(self._dice.choice(able))
        else:
            self._now = None
            self._over.set()

    def _start(self, runner: _Runner) -> None:
        self._now = runner
        runner.go.release()

    def _hand_over(self, me: _Runner, other: _Runner) -> None:
        self.passes += 1
        self._start(other)
        me.go.acquire()
