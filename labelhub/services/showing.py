"""What a labeler's request for work can come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from labelhub.domain.shown import ShownText, ShownTurn
from labelhub.domain.vocabulary import ExposureId, Severity
from labelhub.domain.welfare.outlook import Standstill
from labelhub.store.assignments import Assignment
from labelhub.store.labelers import Locked, Place

__all__ = [
    "Assignment",
    "Locked",
    "NotAgain",
    "NotThere",
    "Nothing",
    "Offered",
    "Place",
    "Refused",
    "Served",
    "Shown",
    "ShownText",
    "ShownTurn",
]

Draft = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """An item on screen: its exposure is on record."""

    locked: Locked
    assignment: Assignment
    text: ShownText
    exposure_id: ExposureId
    left: timedelta  # of the granted time
    draft: Draft


@dataclass(frozen=True, slots=True)
class Offered:
    """An item named but not sent: the veil."""

    locked: Locked
    assignment: Assignment
    severity: Severity


@dataclass(frozen=True, slots=True)
class Refused:
    """The gate's no, with everything that holds."""

    locked: Locked
    standstill: Standstill
    kept: bool  # an answer in progress is kept


@dataclass(frozen=True, slots=True)
class NotAgain:
    """The open item is not sent once more: it was, as often as it may be (W-10)."""

    locked: Locked
    assignment: Assignment
    times: int  # it was sent, the first one included
    until: datetime  # its granted time ends, and it may pass the gate anew


@dataclass(frozen=True, slots=True)
class Nothing:
    """The queue holds nothing for this labeler now; `unfinished` if not all of it was walked."""

    locked: Locked
    unfinished: bool


@dataclass(frozen=True, slots=True)
class NotThere:
    """The project or assignment does not exist for this person."""


Served = Shown | Offered | Refused | NotAgain | Nothing | NotThere
