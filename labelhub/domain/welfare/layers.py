"""The layers of policy and the tightest of them all, with the layer that set each limit."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from labelhub.domain.welfare.policy import Policy, bounds, ceiling


class Layer(StrEnum):
    """Who sets limits, outermost first."""

    INSTALLATION = "installation"
    VENDOR = "vendor"
    PROJECT = "project"
    LABELER = "labeler"


@dataclass(frozen=True, slots=True)
class Effective:
    """The policy in force, and for each of its values the layer that it comes from."""

    policy: Policy
    set_by: Mapping[str, Layer]


def effective(layers: Mapping[Layer, Policy]) -> Effective:
    """Combine the layers to the strictest. Compiled-in ceilings hold whatever the layers say.

    A value belongs to the outermost layer that asks for exactly it, else to the innermost
    that changed it (nights and ramp-ups of two layers may add up).

    Raises:
        KeyError: there is no installation layer; without it nothing may be served.

    """
    strictest = ceiling().tightened_by(layers[Layer.INSTALLATION])
    set_by = dict.fromkeys(bounds(), Layer.INSTALLATION)
    for layer in (layer for layer in Layer if layer in layers):
        tightened = strictest.tightened_by(layers[layer])
        for name in bounds():
            if getattr(tightened, name) != getattr(strictest, name):
                set_by[name] = layer
        strictest = tightened
    return Effective(strictest, set_by)


def loosened(old: Policy, new: Policy) -> tuple[str, ...]:
    """Return the names of the values that *new* would loosen; L-20 delays exactly these."""
    return tuple(
        name
        for name, bound in bounds().items()
        if bound.stricter(getattr(old, name), getattr(new, name)) != getattr(new, name)
    )
