"""What the labeler declined. No reason is asked and nothing else follows from it."""

from datetime import datetime, timedelta

from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.rules.rule import Verdict
from labelhub.domain.welfare.timeline import HARD, WorkState
from labelhub.domain.welfare.verdicts import Hold, Reason


def opted_out_of_item(labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    if candidate.item_id in labeler.opt_outs.items:
        return Hold(Reason.OPTED_OUT_OF_ITEM, None)
    return None


def opted_out_of_category(labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Hold items that carry any declined hazard, in whichever project."""
    if labeler.opt_outs.categories.isdisjoint(candidate.hazards):
        return None
    return Hold(Reason.OPTED_OUT_OF_CATEGORY, None)


def opted_out_of_severity(labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Hold the declined tier and every worse one."""
    declined = labeler.opt_outs.severity
    if declined is None or candidate.tier < declined:
        return None
    return Hold(Reason.OPTED_OUT_OF_SEVERITY, None)


def opted_out_of_project(labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    if candidate.project.project_id in labeler.opt_outs.projects:
        return Hold(Reason.OPTED_OUT_OF_PROJECT, None)
    return None


def opted_out_today(labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Hold hard content for the rest of the day."""
    declined_at = labeler.opt_outs.today_at
    if declined_at is None or candidate.tier < HARD:
        return None
    until = today_ends(declined_at, labeler.work, labeler.policy.daily_rest)
    return None if until is None else Hold(Reason.OPTED_OUT_TODAY, until)


def today_ends(declined_at: datetime, work: WorkState, rest: timedelta) -> datetime | None:
    """Return when the day of an opt-out ends if nothing more is done; None: it has ended.

    It ends with a daily rest (L-14) that lies wholly after the opt-out, so that neither
    midnight nor a time zone shortens it. *work* is as if it resumed now.
    """
    rested_from = max(work.rest_start or declined_at, declined_at)
    if work.day_start is not None and work.day_start - rested_from >= rest:
        return None
    return max(work.idle_since or declined_at, declined_at) + rest
