"""Asking a labeler how they are, when the dose says so. What they answer is not known here."""

from sqlmodel import Session

from labelhub.domain.welfare.check_in import prompt_due
from labelhub.store import check_in_prompts
from labelhub.store.labelers import Locked


def prompt(session: Session, locked: Locked) -> bool:
    """Say whether to ask now, and keep that it was asked. The caller holds the person's turn.

    Whoever could not be asked even for the first time costs no statement.
    """
    state, now = locked.state, locked.now
    if not prompt_due(state, None, now):
        return False
    last = check_in_prompts.find(session, state.labeler_id)
    if not prompt_due(state, last, now):
        return False
    check_in_prompts.keep(session, state.labeler_id, now)
    return True
