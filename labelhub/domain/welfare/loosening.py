"""Loosening a limit: what may be asked for, who may say the second yes, what then holds (L-20).

Tightening is one person's act and binds at once. Loosening is asked for, waits, and takes a second
yes: of another person, or for their own limits of the same labeler again (W-5, S-15).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare import policy_file
from labelhub.domain.welfare.layers import Layer, loosened
from labelhub.domain.welfare.limits import PolicyError
from labelhub.domain.welfare.policy import Policy, bounds

FRESH = timedelta(minutes=15)
"""How new a sign-in must be for the second yes of a manager, researcher or administrator."""


class LoosensError(PolicyError):
    """A limit was asked for that is looser than the one in force: that takes a second yes."""

    def __init__(self, names: tuple[str, ...], in_force: Policy) -> None:
        self.names = names
        values = "; ".join(f"{name}: in force is {written(in_force, name)}" for name in names)
        super().__init__(
            f"{values}; one person only tightens: ask for a loosening, which waits and takes a"
            " second yes"
        )


class NotAskableError(PolicyError):
    """What was asked for is no loosening of this layer, or goes beyond what holds outside it."""

    def __init__(self, name: str, sentence: str) -> None:
        self.name = name
        super().__init__(f"{name}: {sentence}")


@dataclass(frozen=True, slots=True)
class Change:
    """Some limits, by name, with the values wanted for them; the others are not spoken of."""

    names: tuple[str, ...]
    values: Policy

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Return the change that a partial policy on file asks for.

        Raises:
            PolicyError: a key, value or unit is unknown, or looser than its ceiling.

        """
        values = Policy.from_mapping(mapping, partial=True)
        return cls(tuple(name for name in bounds() if name in mapping["limits"]), values)

    def to_mapping(self) -> dict[str, Any]:
        """Return what `from_mapping` reads."""
        return policy_file.write(
            {name: getattr(self.values, name) for name in self.names}, bounds()
        )

    def without(self, names: Collection[str]) -> "Change":
        return replace(self, names=tuple(name for name in self.names if name not in names))


@dataclass(frozen=True, slots=True)
class Request:
    """A loosening that somebody asked for and nobody has decided. Times are gate time.

    `asked_by` None is the operator. `ripe_at`: no second yes counts before then.
    """

    id: UUID
    layer: Layer
    subject: str
    change: Change
    asked_by: PersonId | None
    asked_at: datetime
    ripe_at: datetime

    def ripe_from(self, delay: timedelta) -> datetime:
        """Return from when it can be confirmed, if the delay is *delay* now: the later of both."""
        return max(self.ripe_at, self.asked_at + delay)


@dataclass(frozen=True, slots=True)
class Yes:
    """Whoever says the second yes: with the role for this layer, from a fresh sign-in?"""

    person_id: PersonId
    entitled: bool
    fresh: bool


class Answer(StrEnum):
    """What becomes of a second yes. Pages put it in words."""

    DONE = "done"
    GONE = "gone"
    EARLY = "early"
    SAME_PERSON = "same_person"
    OLD_SIGN_IN = "old_sign_in"


def delay_of(layer: Layer, policy: Policy) -> timedelta:
    """Return how long a loosening of *layer* waits at least (L-20)."""
    return policy.delay_labeler if layer is Layer.LABELER else policy.delay_others


def tightened(own: Policy, outer: Policy, change: Change) -> Policy:
    """Return a layer's limits with *change* in them, if that is nothing but stricter.

    Raises:
        LoosensError: a named value is looser than what the layer and those outside it hold.

    """
    before = outer.tightened_by(own)
    if names := tuple(name for name in loosened(before, change.values) if name in change.names):
        raise LoosensError(names, before)
    return own.tightened_by(change.values)


def check_askable(own: Policy, outer: Policy, change: Change) -> None:
    """Let a loosening be asked for only where the layer is the stricter one, and up to the outer.

    Raises:
        NotAskableError: naming the limit, the value, and what would be accepted.

    """
    for name in change.names:
        bound = bounds()[name]
        mine, limit, wanted = (getattr(each, name) for each in (own, outer, change.values))
        if bound.stricter(mine, wanted) == wanted:
            held = f"{written(change.values, name)} is not looser than what this layer has set"
            raise NotAskableError(name, f"{held}; what is stricter can be set at once")
        if bound.stricter(wanted, limit) != wanted:
            far = f"{written(change.values, name)} is looser than what holds outside this layer"
            raise NotAskableError(name, f"{far}; accepted is at most {written(outer, name)}")


def loosened_to(own: Policy, change: Change) -> Policy:
    """Return a layer's limits after the second yes: only the named ones are changed."""
    return replace(own, **{name: getattr(change.values, name) for name in change.names})


def second_yes(request: Request, yes: Yes, delay: timedelta, now: datetime) -> Answer:
    """Decide what a second yes at *now*, which is gate time, does.

    A labeler answers for themselves alone; everyone else needs the role, must not be the person
    who asked, and has signed in a moment ago.
    """
    if not yes.entitled:
        return Answer.GONE
    if request.layer is not Layer.LABELER:
        if yes.person_id == request.asked_by:
            return Answer.SAME_PERSON
        if not yes.fresh:
            return Answer.OLD_SIGN_IN
    return Answer.DONE if now >= request.ripe_from(delay) else Answer.EARLY


def fresh_sign_in(started_at: datetime, now: datetime) -> bool:
    """Whether a sign-in is new enough, by the wall clock; one that lies ahead of it is not."""
    return timedelta() <= now - started_at < FRESH


def written(policy: Policy, name: str) -> str:
    """Return a limit's value with its unit, as a policy file has them."""
    return f"{bounds()[name].write(getattr(policy, name))} {bounds()[name].unit}"
