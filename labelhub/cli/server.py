"""Gunicorn, run from inside the program: threads, no control socket, engines after the fork."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from labelhub import logs
from labelhub.app import create_app, page_modules
from labelhub.cli.loading import loading
from labelhub.cli.worker import Worker
from labelhub.settings import Settings
from labelhub.web.context import EXTENSION, Running

THREADS = 8
_JOBS_AFTER_S = 2.0
"""The first pages come before the first jobs, whose shortest round is 30 s."""
_QUIET_S = 60
_GRACE_S = 15
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 gunicorn's heartbeat, not our data


class Logs(Logger):  # type: ignore[misc]  # Gunicorn has no types
    """Gunicorn's lines go where ours go, in the same form."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True


class Server(BaseApplication):  # type: ignore[misc]  # Gunicorn has no types
    """One arbiter and its workers. Each worker makes its own application, after the fork."""

    def __init__(self, make: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._make = make
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        with loading():
            return self._make()


def load() -> None:
    """Load what every page needs, once and before the workers are forked."""
    page_modules()


def run(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until the process is told to end."""
    logs.configure()
    with loading():
        load()
    jobs = {"post_worker_init": _start_jobs, "worker_exit": _stop_jobs}
    Server(lambda: create_app(settings), {**options(host, port, workers), **jobs}).run()


def options(host: str, port: int, workers: int) -> dict[str, Any]:
    """Return how gunicorn serves us; the benchmarks' reference is served in the same way."""
    chosen = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": Worker,
        "threads": THREADS,
        "timeout": _QUIET_S,
        "graceful_timeout": _GRACE_S,
        "keepalive": 5,
        "control_socket_disable": True,
        "forwarded_allow_ips": "",  # ProxyFix alone decides whom to believe
        "limit_request_line": 4094,
        "limit_request_fields": 60,
        "logger_class": Logs,
        "loglevel": "warning",
    }
    if _SHARED_MEMORY.is_dir():
        chosen["worker_tmp_dir"] = str(_SHARED_MEMORY)
    return chosen


def _start_jobs(worker: Any) -> None:
    worker.labelhub_jobs = None
    worker.labelhub_starter = threading.Timer(_JOBS_AFTER_S, _begin_jobs, [worker])
    worker.labelhub_starter.daemon = True
    worker.labelhub_starter.start()


def _begin_jobs(worker: Any) -> None:
    from labelhub.jobs import Jobs  # noqa: PLC0415 the scheduler is not needed to serve

    running: Running = worker.wsgi.extensions[EXTENSION]
    jobs = Jobs(running.database, running.clock, running.settings.data / "uploads")
    jobs.start()
    worker.labelhub_jobs = jobs


def _stop_jobs(_server: Any, worker: Any) -> None:
    starter = getattr(worker, "labelhub_starter", None)
    if starter is None:  # it never came to serve
        return
    starter.cancel()
    starter.join()
    if worker.labelhub_jobs is not None:
        worker.labelhub_jobs.stop()
    worker.wsgi.extensions[EXTENSION].database.dispose()
