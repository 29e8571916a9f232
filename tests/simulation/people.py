"""The people of a history: what is on their screens, what they were told, what they try again."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

Fields = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Form:
    """A page that somebody has before them: with its text, or behind the veil."""

    slug: str
    assignment: UUID
    key: str  # empty behind the veil
    shown: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was sent; as a retry it is sent again to the letter."""

    form: Form
    fields: Fields


@dataclass(frozen=True, slots=True)
class Sent:
    """A response with text in it: when it was built, as the onlooker counts commits."""

    person: UUID
    item: UUID
    order: int
    at: datetime  # gate time of the decision
    body: bytes


@dataclass(slots=True)
class Client:
    """One person's browsers."""

    forms: list[Form] = field(default_factory=list)
    pending: Answer | None = None
    told: dict[str, tuple[Fields, UUID]] = field(default_factory=dict)  # accepted, by key

    def sees(self, form: Form) -> None:
        if form not in self.forms:
            self.forms.append(form)

    @property
    def newest(self) -> Form | None:
        return self.forms[-1] if self.forms else None
