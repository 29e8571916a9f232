"""Limits for a command-line operator, who names vendors and projects by their short names."""

from dataclasses import dataclass

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.welfare.layers import Layer, effective
from labelhub.domain.welfare.policy import bounds
from labelhub.services import projects
from labelhub.services.limits import holding
from labelhub.services.limits.whose import Whose, of_installation, of_project, of_vendor
from labelhub.services.projects import NoSuchProjectError
from labelhub.store import gate_clock, organisations


class NothingNamedError(LookupError):
    """There is no vendor or project of that name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One value in force, as policy files write it, and the layer that set it."""

    name: str
    limit: str
    value: object
    unit: str
    set_by: str


def named(session: Session, layer: Layer, name: str) -> Whose:
    """Return the layer that an operator names.

    Raises:
        NothingNamedError: there is no such vendor or project, or the layer is a labeler's, which
            is theirs alone.

    """
    if layer is Layer.INSTALLATION:
        return of_installation(session, None)
    if layer is Layer.VENDOR:
        found = organisations.find_by_slug(session, name)
        if found is None:
            raise NothingNamedError(f"there is no vendor {name}")
        return of_vendor(found.id)
    if layer is Layer.PROJECT:
        try:
            scope = projects.scope_of_operator(session, name)
        except NoSuchProjectError as error:
            raise NothingNamedError(f"there is no project {name}") from error
        return of_project(projects.of_slug(session, scope, name))
    raise NothingNamedError("a labeler's own limits are theirs alone")


def shown(
    session: Session, vendor: str | None, project: str | None, clock: Clock
) -> tuple[Shown, ...]:
    """Return what holds in the installation, for a vendor and in a project, before labelers.

    Raises:
        NothingNamedError: there is no such vendor or project.

    """
    now = gate_clock.peek(session, clock).gate_time
    layers = {Layer.INSTALLATION: holding.installed(session, now)}
    for layer, name in ((Layer.VENDOR, vendor), (Layer.PROJECT, project)):
        if name is not None:
            layers[layer], _outer = holding.standing(session, named(session, layer, name), now)
    found = effective(layers)
    return tuple(
        Shown(
            name, bound.limit.value, bound.write(getattr(found.policy, name)), bound.unit.value,
            found.set_by[name].value,
        )
        for name, bound in bounds().items()
    )  # fmt: skip
