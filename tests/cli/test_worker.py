"""No peer holds the server up: half requests, bad ones, and sockets that stay open (S-13, M10)."""

import os
import re
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from labelhub.cli import arriving, server, worker
from labelhub.web.headers import HEADERS
from tests.cli.serving import MAIN, answer, free_port

MALFORMED = b"GET / HTTP/1.1\r\nHo st: x\r\n\r\n"
HALF_HEAD = b"GET /sign-in HTTP/1.1\r\nHost: x\r\nX-More"
HALF_BODY = (
    b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nemail="
)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve one empty installation with one worker process, as `labelhub serve` does."""
    folder = tmp_path_factory.mktemp("served")
    environ = {**os.environ, "LABELHUB_DATA": str(folder / "data")}
    subprocess.run(  # noqa: S603 our own program
        [*MAIN, "init"], env=environ, check=True, capture_output=True, timeout=60
    )
    chosen = free_port()
    with subprocess.Popen(  # noqa: S603 our own program
        [*MAIN, "serve", "--port", str(chosen), "--workers", "1"],
        env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            assert answer(f"http://127.0.0.1:{chosen}/sign-in", 60)[0] == 200
            yield chosen
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def send(port: int, data: bytes) -> socket.socket:
    peer = socket.create_connection(("127.0.0.1", port), timeout=20)
    peer.sendall(data)
    return peer


def read_all(peer: socket.socket) -> bytes:
    """Read until the server says that no more comes; the peer itself stays open."""
    found = b""
    while piece := peer.recv(65536):
        found += piece
    return found


def served(port: int) -> bool:
    """Ask for a page as a browser does; False if it takes as long as two lingering closes.

    A server that lingers in its main loop has many of them to do first.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=worker.LINGERS_S * 2)
    try:
        connection.request("GET", "/sign-in")
        response: HTTPResponse = connection.getresponse()
        return response.status == 200 and b"Sign in" in response.read()
    except TimeoutError:
        return False
    finally:
        connection.close()


@pytest.mark.parametrize(
    "request_",
    [
        MALFORMED,
        b"GET /sign-in HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 9000 + b"\r\n\r\n",
    ],
    ids=["malformed", "old", "close", "long address", "long header"],
)
def test_peers_that_keep_a_closed_socket_open_hold_nobody_up(port: int, request_: bytes) -> None:
    peers = [send(port, request_) for _ in range(12)]
    assert served(port)
    assert all(read_all(peer).startswith(b"HTTP/1.") for peer in peers)
    for peer in peers:
        peer.close()


@pytest.mark.parametrize("half", [HALF_HEAD, HALF_BODY, b""], ids=["head", "body", "nothing"])
def test_half_sent_requests_hold_no_thread(port: int, half: bytes) -> None:
    peers = [send(port, half) for _ in range(server.THREADS * 4)]
    for _ in range(3):
        assert served(port)
    for peer in peers:
        peer.close()


def test_of_very_many_half_sent_requests_the_oldest_gives_way(port: int) -> None:
    oldest = send(port, HALF_BODY)
    peers = [send(port, HALF_HEAD) for _ in range(worker.MOST_WAITED_FOR)]
    oldest.settimeout(arriving.READING_S / 2)  # not because its time is over
    assert read_all(oldest).startswith(b"HTTP/1.1 408 ")
    assert served(port)
    for peer in [oldest, *peers]:
        peer.close()


def test_a_peer_that_asks_to_go_on_and_breaks_off_breaks_nothing(port: int) -> None:
    head = HALF_BODY.partition(b"\r\nContent-Length")[0]
    for _ in range(20):
        peer = send(port, head + b"\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\n")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()  # a reset, not an end
    assert served(port)


def test_half_sent_requests_are_answered_408_and_silent_peers_not_at_all(port: int) -> None:
    peers = [send(port, half) for half in (HALF_BODY, HALF_HEAD, b"")]
    *halves, silent = [read_all(peer) for peer in peers]
    assert all(found.startswith(b"HTTP/1.1 408 Request Timeout\r\n") for found in halves)
    assert silent == b""
    for peer in peers:
        peer.close()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nHo<script>: x\r\n\r\n", 400),
        (b"<script>\r\n\r\n", 400),
        (b"GET /<script>" + b"x" * 5000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: <script>" + b"x" * 9000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nX: <script>" + b"x" * (arriving.LONGEST_HEAD + 1), 431),
        (b"POST / HTTP/1.1\r\nX: <script>\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"GET / HTTP/1.1\r\nExpect: <script>\r\n\r\n", 417),
    ],
)
def test_what_the_server_refuses_itself_has_our_headers_and_no_echo(
    port: int, request_: bytes, status: int
) -> None:
    peer = send(port, request_)
    head, _, body = read_all(peer).decode().partition("\r\n\r\n")
    peer.close()
    lines = head.split("\r\n")
    assert lines[0].split()[1] == str(status)
    for name, value in HEADERS:
        assert f"{name}: {value}" in lines
    assert "Content-Type: text/plain; charset=utf-8" in lines
    assert "Cache-Control: no-store" in lines
    assert "script" not in body
    assert "Server:" not in head


def test_two_requests_in_one_piece_and_a_split_one_are_answered_in_order(port: int) -> None:
    one = b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    last = b"GET /no-such HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    peer = send(port, one + one + last[:30])
    time.sleep(0.2)
    peer.sendall(last[30:])
    found = read_all(peer)
    peer.close()
    assert re.findall(rb"HTTP/1\.1 (\d+) ", found)[:2] == [b"200", b"200"]
    assert found.count(b"HTTP/1.1 ") == 3


def test_a_body_that_comes_in_pieces_is_read_whole(port: int) -> None:
    form = b"email=" + b"a" * 300_000 + b"%40example.org&password=x"
    head = HALF_BODY.partition(b"\r\nContent-Length")[0]
    peer = send(port, head + b"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(form))
    for start in range(0, len(form), 50_000):
        peer.sendall(form[start : start + 50_000])
        time.sleep(0.02)
    assert read_all(peer).split()[1] in {b"200", b"422", b"429"}
    peer.close()


def test_a_client_that_waits_to_be_told_to_go_on_is_told(port: int) -> None:
    head = HALF_BODY.partition(b"\r\nContent-Length")[0]
    peer = send(
        port,
        head + b"\r\nContent-Length: 7\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
    )
    assert peer.recv(65536).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
    peer.sendall(b"email=x")
    assert b"HTTP/1.1 422" in read_all(peer)
    peer.close()


def test_a_body_longer_than_any_form_is_refused_by_its_length(port: int) -> None:
    """The view does not read it, and no thread waits for it."""
    head = HALF_BODY.partition(b"\r\nContent-Length")[0]
    peers = [
        send(port, head + b"\r\nContent-Length: 99999999\r\n\r\n" + b"x" * arriving.WHOLE)
        for _ in range(3)
    ]
    for peer in peers:
        assert read_all(peer).split()[1] in {b"413", b"422"}
        peer.close()
    assert served(port)


def test_the_largest_unfinished_request_gives_way_when_there_is_too_much(
    port: int,
) -> None:
    head = HALF_BODY.partition(b"\r\nContent-Length")[0]
    many = worker.MOST_ARRIVING // (arriving.WHOLE - 1) + 2
    half = head + b"\r\nContent-Length: %d\r\n\r\n" % arriving.WHOLE
    peers = [send(port, half + b"x" * (arriving.WHOLE - 1)) for _ in range(many)]
    small = send(port, HALF_BODY)
    small.sendall(b"x" * 494)
    assert small.recv(65536).split()[1] in {b"200", b"422", b"429"}
    assert served(port)
    for peer in [*peers, small]:
        peer.close()


def test_the_server_ends_although_peers_hold_sockets_open(tmp_path: Path) -> None:
    environ = {**os.environ, "LABELHUB_DATA": str(tmp_path / "data")}
    subprocess.run(  # noqa: S603 our own program
        [*MAIN, "init"], env=environ, check=True, capture_output=True, timeout=60
    )
    chosen = free_port()
    with subprocess.Popen(  # noqa: S603 our own program
        [*MAIN, "serve", "--port", str(chosen), "--workers", "1"], env=environ,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        answer(f"http://127.0.0.1:{chosen}/sign-in", 60)
        peers = [send(chosen, data) for data in (b"", HALF_HEAD, MALFORMED)]
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=60)[0]
    for peer in peers:
        peer.close()
    assert process.returncode == 0, said
    assert "Traceback" not in said
