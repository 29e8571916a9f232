"""Fixtures that all tests share: databases, a clock moved by hand, the small named world."""

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest

pytest_plugins = (
    "tests.support.databases",
    "tests.support.world",
    "tests.support.application",
    "tests.support.browsing",
)

_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104 compared, never bound


class NetworkClosedError(RuntimeError):
    """A test tried to reach another machine."""


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """Refuse connections to anything but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = str(address[0])
            if not host.startswith(_LOOPBACK):
                raise NetworkClosedError(f"tests reach no other machine: {host}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> None:
    """Keep the developer's own settings out of the tests."""
    for name in list(os.environ):
        if name.startswith("LABELHUB_") and name not in {
            "LABELHUB_TEST_PG_URL",
            "LABELHUB_CHROMIUM",
            "LABELHUB_REQUIRE_BROWSER",
        }:
            del os.environ[name]
