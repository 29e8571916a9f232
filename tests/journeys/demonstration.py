"""The demonstration, laid with the real clock and served on a free port."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.serving import make_server

from labelhub.app import create_app
from labelhub.clock import SystemClock
from labelhub.services import demonstration_laying
from labelhub.services.demonstration_history import BEGAN, PastClock, live_through
from labelhub.settings import Settings
from labelhub.store import migrations
from labelhub.store.database import Database
from labelhub.web.context import EXTENSION


@contextmanager
def demonstration(folder: Path) -> Iterator[tuple[str, Database]]:
    """Lay the demonstration in *folder* and serve it; give its address and its database."""
    settings = Settings(folder, f"sqlite:///{folder / 'labelhub.db'}", secrets.token_urlsafe(32))
    database = Database(settings.database_url)
    migrations.upgrade(database)
    past = PastClock(SystemClock(), BEGAN)
    laid = demonstration_laying.lay(database, past, folder / "uploads")
    live_through(database, laid, past)
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", database
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions[EXTENSION].database.dispose()
        database.dispose()
