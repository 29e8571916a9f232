"""Gunicorn's threaded worker, made so that no peer can hold it up.

Its threads serve requests that are here. Waiting for peers, to send or to close, is for the main
loop, and is never done by sleeping in it.
"""

import errno
import selectors
import socket
import time
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from math import inf
from typing import Any

from gunicorn.http import errors
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from labelhub.cli.arriving import Connection, TooSlowError
from labelhub.web.context import EXTENSION
from labelhub.web.headers import HEADERS, TRANSPORT

LINGERS_S = 2.0
"""A closed connection is read for this long, so that our last bytes arrive (RFC 9112, 9.6)."""
MOST_LINGERING = 200
MOST_DRAINED = 64 * 1024
MOST_WAITED_FOR = 500
"""Half of the connections a worker holds: past it the oldest unfinished request is given up."""
MOST_ARRIVING = 64 * 1024 * 1024
"""Bytes of all unfinished requests together; past it the largest of them is given up."""

_REFUSED = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.ForbiddenProxyRequest: HTTPStatus.FORBIDDEN,
    TooSlowError: HTTPStatus.REQUEST_TIMEOUT,
}
_OURS = (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName)


class Worker(ThreadWorker):  # type: ignore[misc]  # Gunicorn has no types
    """Accepts, collects requests, hands whole ones to threads, and closes without waiting."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving: dict[Connection, None] = {}  # oldest first
        self.held = 0  # bytes of unfinished requests
        self.lingering: dict[Connection, float] = {}

    def accept(self, listener: socket.socket) -> None:
        try:
            peer, address = listener.accept()
        except OSError as error:
            if error.errno not in {errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK}:
                raise
            return
        self.nr_conns += 1
        self._wait_for(Connection(self.cfg, peer, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Begin with the next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        conn.expect()
        self._wait_for(conn)

    def finish_request(self, conn: Connection, done: "Future[object]") -> None:
        """Keep the connection for its next request, or close it; on the main thread."""
        try:
            keeps = not done.cancelled() and bool(done.result())
        except Exception:  # noqa: BLE001 the thread has logged it; the connection is not kept
            keeps = False
        if not keeps:
            self._close(conn)
            return
        try:
            self._keep(conn)
        except (OSError, ValueError):  # it broke meanwhile
            self._close(conn)

    def murder_pending(self) -> None:
        """Give up requests that came too slowly, and end closed connections; once a second."""
        now = time.monotonic()
        begun = -inf if self.alive else now - STOP_KEEPALIVE_LINGER  # who was given time enough
        for conn in [one for one in self.arriving if one.until <= now or one.began <= begun]:
            self._refuse(conn, HTTPStatus.REQUEST_TIMEOUT)
        for conn in [one for one, until in self.lingering.items() if until <= now]:
            self._end(conn)

    def handle_error(self, req: object, client: socket.socket, addr: object, exc: object) -> None:
        """Answer what could not be served: our headers, and nothing of what was sent."""
        del req, addr
        status = _status(exc)
        if status is HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.error("request failed outside the application: %s", type(exc).__name__)
        else:
            self.log.debug("request refused: %s", type(exc).__name__)
        self._answer(client, status)

    def _keepalive_after(self, conn: Connection, keepalive: object) -> bool:
        """Whether the connection can be reused: only if its body is read or has arrived."""
        if not keepalive:
            return False
        conn.parser.unreader.until = -inf  # no thread waits for a body that no view wanted
        try:
            return bool(conn.parser.finish_body(deadline=time.monotonic() + LINGERS_S))
        except TooSlowError:
            return False

    def _keep(self, conn: Connection) -> None:
        conn.sock.settimeout(0)
        ahead = conn.parser.unreader.take_buffered()
        if ahead:
            conn.expect(ahead)
            self._wait_for(conn)
            return
        conn.set_timeout()
        if not self.alive:
            conn.timeout = min(conn.timeout, time.monotonic() + STOP_KEEPALIVE_LINGER)
        self.poller.register(
            conn.sock, selectors.EVENT_READ, partial(self.on_client_socket_readable, conn)
        )
        self.keepalived_conns.append(conn)

    def _wait_for(self, conn: Connection) -> None:
        """Collect a request in the main loop; usually it is here already."""
        self.arriving[conn] = None
        self.held += len(conn.arrived)
        if not self._take(conn):
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._arrived, conn))
            conn.polled = True
        if len(self.arriving) > MOST_WAITED_FOR:
            self._refuse(next(iter(self.arriving)), HTTPStatus.REQUEST_TIMEOUT)

    def _arrived(self, conn: Connection, _peer: socket.socket) -> None:
        self._take(conn)

    def _take(self, conn: Connection) -> bool:
        """Take what has come; True once the connection is no longer waited for."""
        before = len(conn.arrived)
        here = conn.receive()
        self.held += len(conn.arrived) - before
        if here and conn.refusal is not None:
            self._refuse(conn, conn.refusal)
        elif here:
            self._leave(conn)
            self.enqueue_req(conn)
        elif self.held > MOST_ARRIVING:
            largest = max(self.arriving, key=lambda one: len(one.arrived))
            self._refuse(largest, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return conn not in self.arriving

    def _leave(self, conn: Connection) -> None:
        del self.arriving[conn]
        self.held -= len(conn.arrived)
        if conn.polled:
            self.poller.unregister(conn.sock)
            conn.polled = False

    def _refuse(self, conn: Connection, status: HTTPStatus) -> None:
        """Answer in the main loop, which a few bytes to a fresh socket do not hold up."""
        self._leave(conn)
        if conn.arrived:  # a peer that only connected asked for nothing
            self._answer(conn.sock, status)
        self._close(conn)

    def _answer(self, client: socket.socket, status: HTTPStatus) -> None:
        body = f"{status.phrase}.\n"
        running = getattr(self.wsgi, "extensions", {}).get(EXTENSION)
        tls = running is not None and running.settings.tls
        lines = [
            f"HTTP/1.1 {status.value} {status.phrase}",
            "Connection: close",
            "Content-Type: text/plain; charset=utf-8",
            f"Content-Length: {len(body)}",
            "Cache-Control: no-store",
            *(f"{name}: {value}" for name, value in (*HEADERS, *([TRANSPORT] if tls else []))),
        ]
        try:
            client.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        except OSError:
            self.log.debug("nobody to answer")

    def _close(self, conn: Connection) -> None:
        """Say that no more comes, then let the poller wait for the peer to close."""
        self.nr_conns -= 1
        if len(self.lingering) >= MOST_LINGERING:
            self._end(next(iter(self.lingering)))
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.settimeout(0)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._drain, conn))
        except (OSError, ValueError):
            conn.close()
            return
        self.lingering[conn] = time.monotonic() + LINGERS_S

    def _drain(self, conn: Connection, peer: socket.socket) -> None:
        try:
            data = peer.recv(MOST_DRAINED)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        conn.drained += len(data)
        if not data or conn.drained >= MOST_DRAINED:
            self._end(conn)

    def _end(self, conn: Connection) -> None:
        del self.lingering[conn]
        self.poller.unregister(conn.sock)
        conn.close()


def _status(exc: object) -> HTTPStatus:
    for kind, status in _REFUSED.items():
        if isinstance(exc, kind):
            return status
    if isinstance(exc, errors.ParseException) and not isinstance(exc, _OURS):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.INTERNAL_SERVER_ERROR
