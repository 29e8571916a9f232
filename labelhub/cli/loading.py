"""Loads modules without looking for garbage meanwhile: what a module makes stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
