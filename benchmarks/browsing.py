"""Labelers who work the desk as browsers do: signed in, kept-alive, one form after the other."""

import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

_FIELD = re.compile(rb'name="(assignment|key)" value="([0-9a-f]{32})"')
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_ANSWERS = ("-3", "-2", "-1", "tie", "1", "2", "3", "both_bad")


class StuckError(RuntimeError):
    """The desk answered something other than an item."""


@dataclass(slots=True)
class Work:
    """What one or many labelers did: the time of each submit+next, and what came over the wire."""

    seconds: list[float] = field(default_factory=list)
    received: int = 0
    sent: int = 0


class Labeler:
    """One browser: a connection kept alive, a cookie, and the form that was served last.

    Written on sockets: `http.client` parses headers like mail, which costs the machine more than
    the server under test has to spare.
    """

    def __init__(self, port: int, token: str, slug: str) -> None:
        self._port = port
        self._slug = slug
        self._head = (
            f"Host: 127.0.0.1:{port}\r\nCookie: labelhub={token}\r\nHX-Request: true\r\n"
            f"HX-Current-URL: http://127.0.0.1:{port}/desk/{slug}\r\nHX-Target: item\r\n"
            f"Sec-Fetch-Site: same-origin\r\nOrigin: http://127.0.0.1:{port}\r\n"
            "Accept: */*\r\nAccept-Encoding: gzip, deflate\r\nAccept-Language: en\r\n"
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) LabelHub benchmark\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
        )
        self._connection: Any = None
        self._form: dict[str, str] = {}
        self._turn = 0
        self.received = self.sent = 0

    def begin(self) -> None:
        """Ask for the first item, or the one that is open."""
        self._read(self._post("next", {}))

    def rate(self) -> float:
        """Answer the item on screen and take the next; return how long that took."""
        self._turn += 1
        answer = {**self._form, "preference": _ANSWERS[self._turn % 8], "rationale": ""}
        started = time.perf_counter()
        page = self._post("submit", answer)
        taken = time.perf_counter() - started
        self._read(page)
        return taken

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _read(self, page: bytes) -> None:
        self._form = {name.decode(): value.decode() for name, value in _FIELD.findall(page)}
        if self._form.keys() != {"assignment", "key"}:
            raise StuckError(page[:3000].decode(errors="replace"))

    def _post(self, what: str, form: dict[str, str]) -> bytes:
        body = urlencode(form)
        request = (
            f"POST /desk/{self._slug}/{what} HTTP/1.1\r\n{self._head}"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()
        self.sent += len(request)
        try:
            return self._exchange(request)
        except ConnectionError:  # the server closed a connection that was idle between rounds
            self.close()
            return self._exchange(request)

    def _exchange(self, request: bytes) -> bytes:
        if self._connection is None:
            self._connection = socket.create_connection(("127.0.0.1", self._port), timeout=60)
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection.sendall(request)
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, body = got.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 200") or length is None:
            raise StuckError(head.decode(errors="replace"))
        while len(body) < int(length[1]):
            body += self._more()
        self.received += len(head) + 4 + len(body)
        return zlib.decompress(body, 31) if b"gzip" in head else body

    def _more(self) -> bytes:
        part = self._connection.recv(65_536)
        if not part:
            raise ConnectionResetError("closed by the server")
        return part


def work(labelers: Sequence[Labeler], seconds: float) -> Work:
    """Let all labelers work at once for so long; return what they did."""
    ends = time.perf_counter() + seconds

    def for_so_long(labeler: Labeler) -> Iterator[float]:
        while time.perf_counter() < ends:
            yield labeler.rate()

    return _at_once(labelers, for_so_long)


def work_through(labelers: Sequence[Labeler], labels: int) -> Work:
    """Let all labelers rate so many items each, at once; return what they did."""

    def so_many(labeler: Labeler) -> Iterator[float]:
        return (labeler.rate() for _ in range(labels))

    return _at_once(labelers, so_many)


def _at_once(labelers: Sequence[Labeler], each: Callable[[Labeler], Iterator[float]]) -> Work:
    done = Work()
    before = sum(one.received for one in labelers), sum(one.sent for one in labelers)
    failures: list[BaseException] = []

    def run(labeler: Labeler) -> None:
        try:
            for seconds in each(labeler):
                done.seconds.append(seconds)
        except BaseException as error:  # noqa: BLE001 told to the main thread below
            failures.append(error)

    threads = [threading.Thread(target=run, args=(labeler,)) for labeler in labelers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    done.received = sum(one.received for one in labelers) - before[0]
    done.sent = sum(one.sent for one in labelers) - before[1]
    return done
