"""The words of LabelHub that code, database, pages and files share."""

from enum import IntEnum, StrEnum
from typing import NewType
from uuid import UUID

PersonId = NewType("PersonId", UUID)
OrganisationId = NewType("OrganisationId", UUID)
ProjectId = NewType("ProjectId", UUID)
ItemId = NewType("ItemId", UUID)
AssignmentId = NewType("AssignmentId", UUID)
ExposureId = NewType("ExposureId", UUID)
RaterId = NewType("RaterId", UUID)
RatingId = NewType("RatingId", UUID)


class OrganisationKind(StrEnum):
    LAB = "lab"
    VENDOR = "vendor"


class Role(StrEnum):
    """What a person may do, always within one organisation."""

    LABELER = "labeler"
    VENDOR_MANAGER = "vendor_manager"
    AUDITOR = "auditor"
    RESEARCHER = "researcher"
    ADMINISTRATOR = "administrator"


SEES_OTHERS = frozenset({Role.VENDOR_MANAGER, Role.AUDITOR, Role.RESEARCHER, Role.ADMINISTRATOR})
"""Roles that see data of other people; each of them needs a second factor."""


class Severity(IntEnum):
    """The scale of harm of a text, S0 benign to S4 extreme (working-standards.md, A.1)."""

    S0 = 0
    S1 = 1
    S2 = 2
    S3 = 3
    S4 = 4


class SeveritySource(StrEnum):
    """Who put a severity on record. Without a record an item is never served."""

    COLUMN = "column"
    DECLARED = "declared"
    PERSON = "person"
    SCREENER = "screener"
    UNKNOWN = "unknown"  # declared unknown: served at the project's maximum, and at least S2


class InstrumentName(StrEnum):
    PREFERENCE = "preference"
    HARM = "harm"


class Choice(StrEnum):
    """The answer to a comparison, in the item's own order, not the order of display."""

    FIRST = "first"
    SECOND = "second"
    TIE = "tie"
    BOTH_BAD = "both_bad"
    BOTH_GOOD = "both_good"
    UNSURE = "unsure"


class OptOutScope(StrEnum):
    ITEM = "item"
    CATEGORY = "category"
    SEVERITY = "severity"
    PROJECT = "project"
    TODAY = "today"


class RaterKind(StrEnum):
    LABELER = "labeler"
    IMPORTED = "imported"


class SpeakerRole(StrEnum):
    """Who speaks in a conversation."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"
