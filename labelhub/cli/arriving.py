"""A connection whose request is still arriving: it holds no thread until all of it is here."""

import re
import time
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn
from werkzeug.exceptions import RequestTimeout

READING_S = 10.0
"""A request has this long to arrive, and longer only while it keeps up SLOWEST."""
SLOWEST = 16 * 1024
"""Bytes a second. A form at the size limit may then take two minutes, holding no thread."""
SENDING_S = 30.0
"""How long one piece of an answer may wait for a peer that does not read."""
LONGEST_HEAD = 64 * 1024
WHOLE = 2 * 1024 * 1024
"""Bodies up to this size, the most a form may have, are here before a thread takes them. Only an
upload is longer; what is left of it is read by its view, at SLOWEST or faster."""

_PIECE = 64 * 1024
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,15})[ \t]*\r$")
_CODED = re.compile(rb"(?im)^transfer-encoding[ \t]*:")
_EXPECTS = re.compile(rb"(?im)^expect:[ \t]*100-continue[ \t]*\r$")
_GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


class TooSlowError(RequestTimeout):
    """The rest of a body did not come in time; inside a view it is answered as 408."""


class Unhurried(SocketUnreader):  # type: ignore[misc]  # Gunicorn has no types
    """Reads what has arrived, then the socket, but not for ever."""

    def __init__(self, sock: Any) -> None:
        super().__init__(sock)
        self.received = 0
        self.until = 0.0

    def begin(self, arrived: bytes, until: float) -> None:
        """Start with a request's first bytes; *until* is when the rest must be here."""
        self.unread(arrived)
        self.received, self.until = 0, until

    def chunk(self, size_hint: int | None = None) -> bytes:
        left = self.until + self.received / SLOWEST - time.monotonic()
        if left <= 0:
            raise TooSlowError
        self.sock.settimeout(left)
        try:
            data: bytes = super().chunk(size_hint)
        except TimeoutError:
            raise TooSlowError from None
        finally:
            self.sock.settimeout(SENDING_S)
        self.received += len(data)
        return data


class Connection(TConn):  # type: ignore[misc]  # Gunicorn has no types
    """A peer, and as much of its next request as has arrived.

    What is looked for here only tells when a thread is worth its while; what the bytes mean is
    for Gunicorn's parser alone to say.
    """

    def __init__(self, cfg: Any, sock: Any, client: Any, server: Any) -> None:
        super().__init__(cfg, sock, client, server)
        self.polled = False
        self.drained = 0
        self.expect()

    def expect(self, ahead: bytes = b"") -> None:
        """Wait for a request that begins now, perhaps with bytes that were read ahead."""
        self.arrived = bytearray(ahead)
        self.began = time.monotonic()
        self._searched = 0
        self._needed: int | None = None
        self.refusal: HTTPStatus | None = None
        self.data_ready = True  # the parser need not wait: that is over when it begins

    @property
    def until(self) -> float:
        return self.began + READING_S + len(self.arrived) / SLOWEST

    def receive(self) -> bool:
        """Take what is there without waiting; True once the request need not be waited for."""
        try:
            data = self.sock.recv(_PIECE)
        except BlockingIOError:
            return self._is_here()
        except OSError:
            return True  # the parser meets the same error, and closes
        self.arrived += data
        return not data or self._is_here()

    def init(self) -> None:
        """Give the parser what has arrived; called in the thread that serves it."""
        super().init()
        self.sock.settimeout(SENDING_S)
        if not isinstance(self.parser.unreader, Unhurried):
            self.parser.unreader = Unhurried(self.sock)
        self.parser.unreader.begin(bytes(self.arrived), self.until)
        self.arrived.clear()

    def _is_here(self) -> bool:
        if self._needed is None and not self._has_head():
            return self.refusal is not None
        return self._needed is not None and len(self.arrived) >= self._needed

    def _has_head(self) -> bool:
        """Look for the end of the headers, and in them for how much is to follow."""
        end = self.arrived.find(_END_OF_HEAD, max(0, self._searched - len(_END_OF_HEAD)))
        self._searched = len(self.arrived)
        if end > LONGEST_HEAD or (end < 0 and self._searched > LONGEST_HEAD):
            self.refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        if end < 0 or self.refusal:
            return False
        head = bytes(self.arrived[: end + 2])
        if _CODED.search(head):  # its end cannot be told beforehand, and no browser sends it
            self.refusal = HTTPStatus.LENGTH_REQUIRED
            return False
        length = _LENGTH.search(head)
        self._needed = end + len(_END_OF_HEAD) + min(int(length[1]) if length else 0, WHOLE)
        if len(self.arrived) < self._needed and _EXPECTS.search(head):
            with suppress(OSError):  # whoever has gone is noticed by the next read
                self.sock.send(_GO_ON)
        return True
