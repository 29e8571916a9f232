"""Unpacks gzip as a stream, within a size and a ratio."""

import zlib
from collections.abc import Iterator

from labelhub.layouts.errors import UnreadableFileError
from labelhub.layouts.options import MIB, Limits

CHUNK = MIB
_WBITS = zlib.MAX_WBITS | 16  # gzip framing


def too_large(name: str, bound: int) -> UnreadableFileError:
    return UnreadableFileError(
        name, f"it holds more than {bound} bytes", "Divide it into several files"
    )


def gunzip(packed: Iterator[bytes], name: str, limits: Limits) -> Iterator[bytes]:
    """Unpack members one after the other. Zeros after a member are padding, as gzip has it."""
    bounds = _Bounds(name, limits)
    inflater = zlib.decompressobj(wbits=_WBITS)
    for piece in packed:
        bounds.taken += len(piece)
        waiting = piece
        while waiting:
            if inflater.eof:
                waiting = waiting.lstrip(b"\0")
                if not waiting:
                    break
                inflater = zlib.decompressobj(wbits=_WBITS)
            out = _inflated(inflater, waiting, bounds)
            if out:
                yield out
            waiting = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    while not inflater.eof and (out := _inflated(inflater, b"", bounds)):
        yield out
    if not inflater.eof:
        reason = f"the gzip stream ends early, after {bounds.given} bytes"
        raise UnreadableFileError(name, reason, "Copy or pack the file again")


class _Bounds:
    """How much came in and out so far, and how much may."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.taken = 0
        self.given = 0

    def give(self, count: int) -> None:
        self.given += count
        if self.given > self.limits.max_file:
            raise too_large(self.name, self.limits.max_file)
        if self.given > max(self.limits.ratio_from, self.taken * self.limits.max_ratio):
            reason = f"it unpacks to more than {self.limits.max_ratio} times its size"
            remedy = "Unpack it yourself and import the result, if it is what you expect"
            raise UnreadableFileError(self.name, reason, remedy)


def _inflated(inflater: "zlib._Decompress", waiting: bytes, bounds: _Bounds) -> bytes:
    try:
        out = inflater.decompress(waiting, CHUNK)
    except zlib.error as error:
        reason = f"the gzip stream is damaged after {bounds.given} bytes"
        raise UnreadableFileError(bounds.name, reason, "Pack the file again") from error
    bounds.give(len(out))
    return out
