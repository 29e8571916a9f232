"""A night worker's main sleep: declared by the labeler alone, counted seven days later (L-17)."""

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.night import MOVED, MainSleep
from labelhub.services.limits import holding
from labelhub.services.limits.whose import of_labeler
from labelhub.store import main_sleeps


class SleepError(ValueError):
    """The hours are no main sleep."""


def declare(session: Session, person_id: PersonId, sleep: MainSleep | None, clock: Clock) -> bool:
    """Declare when the main sleep is; None: the ordinary night again. False: nothing changes.

    It replaces a declaration that waits, and waits itself from now on. Until it counts, the hours
    in force go on.

    Raises:
        SleepError: the hours are shorter or longer than a main sleep is.

    """
    if sleep is not None and not sleep.plausible:
        raise SleepError(f"{sleep.begins:%H:%M} to {sleep.ends:%H:%M}")
    held = holding.hold(session, of_labeler(session, person_id), clock)
    replaced = main_sleeps.take_back(session, person_id, held.now)
    if main_sleeps.in_force(session, person_id, held.now) == sleep:
        if replaced:
            holding.tell(session, held, {"main_sleep": "taken back"})
        return replaced
    main_sleeps.declare(session, person_id, sleep, held.now, held.now + MOVED)
    hours = None if sleep is None else [f"{sleep.begins:%H:%M}", f"{sleep.ends:%H:%M}"]
    holding.tell(session, held, {"main_sleep": "declared", "hours": hours})
    return True


def take_back(session: Session, person_id: PersonId, clock: Clock) -> bool:
    """Forget a declaration that does not count yet; False where nothing waits."""
    held = holding.hold(session, of_labeler(session, person_id), clock)
    if not main_sleeps.take_back(session, person_id, held.now):
        return False
    holding.tell(session, held, {"main_sleep": "taken back"})
    return True
