"""Loads modules without looking for garbage meanwhile: what a module makes stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_ROUNDS = (10_000, 20, 20)
"""What a request makes dies with it; looking for cycles every 700 objects was 4 % of a label."""


@contextmanager
def loading() -> Iterator[None]:
    """Hold the collector back, and keep what was loaded out of its rounds for good.

    Loading makes half a million objects and no garbage; the collector's rounds through them were
    a tenth of the time to start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(*_ROUNDS)
