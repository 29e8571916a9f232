"""A longer delay of any layer holds for a labeler's other choices to see more as well (L-20)."""

from datetime import timedelta

import pytest

from labelhub.domain.vocabulary import OptOutScope, Severity
from labelhub.services import own_choices
from labelhub.services.limits import tightening, whose
from labelhub.store.database import Database
from tests.services.desk.room import Room, furnish
from tests.services.limits.office import document
from tests.worlds import HandClock

SECOND = timedelta(seconds=1)


@pytest.fixture
def room(database: Database, clock: HandClock) -> Room:
    made = furnish(database, clock, items=[2], max_severity=2, hazards=[["hte"]])
    made.run(
        lambda s: tightening.tighten(
            s, whose.of_installation(s, None), document(delay_labeler=48), None, clock
        )
    )
    return made


def test_the_end_of_an_opt_out_waits_it(room: Room) -> None:
    room.decline(OptOutScope.CATEGORY, category="hte")
    room.clock.pass_(timedelta(minutes=6))
    subject = (room.who(), OptOutScope.CATEGORY, "hte", room.clock)
    assert room.run(lambda s: own_choices.ask_end(s, *subject))
    room.clock.pass_(timedelta(hours=48) - SECOND)
    assert not room.run(lambda s: own_choices.confirm_end(s, *subject))
    room.clock.pass_(SECOND)
    assert room.run(lambda s: own_choices.confirm_end(s, *subject))


def test_a_consent_after_a_withdrawal_waits_it(room: Room) -> None:
    room.consent(2)
    again = (room.who(), Severity.S2, room.clock)
    assert room.run(lambda s: own_choices.withdraw(s, *again))
    assert room.run(lambda s: own_choices.ask_consent(s, *again))
    room.clock.pass_(timedelta(hours=48) - SECOND)
    assert not room.run(lambda s: own_choices.confirm_consent(s, *again))
    room.clock.pass_(SECOND)
    assert room.run(lambda s: own_choices.confirm_consent(s, *again))
