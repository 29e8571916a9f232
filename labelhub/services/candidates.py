"""Items as the gate sees them: without their text."""

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.gate import Candidate
from labelhub.store.assignments import Assignment
from labelhub.store.labelers import Locked
from labelhub.store.queue import Waiting


def waiting(locked: Locked, found: Waiting) -> Candidate:
    """Return an item of the queue."""
    return Candidate(
        item_id=found.item_id,
        project=locked.place.facts,
        severity=found.severity,
        screened=found.severity_source is not None,
        hazards=found.hazards,
        words=found.words,
    )


def assigned(locked: Locked, assignment: Assignment) -> Candidate:
    """Return the assigned item as it is now, at its worst severity on record."""
    on_record = assignment.item_severity
    severity: Severity | None = None if on_record is None else max(on_record, assignment.severity)
    return Candidate(
        item_id=assignment.item_id,
        project=locked.place.facts,
        severity=severity,
        screened=assignment.item_severity_source is not None,
        hazards=assignment.hazards,
        words=assignment.words,
        prohibited=assignment.item_state != "ready",
    )
