"""Before a consent the labeler reads how much of it may come, and how well that is foreseen."""

from labelhub.domain.vocabulary import InstrumentName, Severity
from labelhub.domain.welfare.forecast import FEWEST_RATED, Forecast
from labelhub.services import joining
from labelhub.services.showing import Shown
from labelhub.store.database import Database
from tests.services.desk.room import Room, furnish, harm
from tests.worlds import HandClock


def told(room: Room, place: int = 1) -> dict[Severity, Forecast | None]:
    def asked(session: object) -> list[joining.Asked]:
        notice = joining.notice_for(session, room.who(place), room.desk.slug)  # type: ignore[arg-type]
        assert notice is not None
        known = joining.consents_asked(session, room.who(place), notice, room.clock.now())  # type: ignore[arg-type]
        return joining.preview(session, known, notice)  # type: ignore[arg-type]

    with room.database.reading() as session:
        return {one.severity: one.forecast for one in asked(session)}


def rested(room: Room) -> Shown:
    """Take what comes next, after whatever rest it needs."""
    for _ in range(200):
        shown = room.next()
        if isinstance(shown, Shown):
            return shown
        room.go_on_with_hard()
        room.clock.pass_(hours=1)
    raise AssertionError(shown)


def test_shares_are_told_before_anything_was_rated(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0] * 8 + [2, 3], max_severity=3)
    assert told(room) == {
        Severity.S2: Forecast(Severity.S2, 10, 0, None, None),
        Severity.S3: Forecast(Severity.S3, 10, 0, None, None),
    }


def test_what_people_found_is_told_of_the_items_as_they_came(
    database: Database, clock: HandClock
) -> None:
    room = furnish(
        database, clock, items=[2, 0] * FEWEST_RATED, overlap=1, max_severity=3,
        instrument=InstrumentName.HARM, labelers=2,
    )  # fmt: skip
    room.consent(2, 3)
    hard = 0
    for _ in range(2 * FEWEST_RATED):
        shown = rested(room)
        clock.pass_(seconds=60)
        found = int(shown.assignment.severity)
        hard += found == Severity.S2
        worse = found == Severity.S2 and hard <= 5
        room.accepted(shown, harm(*[3 if worse else found] * len(shown.text.completions)))
    forecast = told(room)[Severity.S2]
    assert forecast is not None
    assert (forecast.rated, forecast.worse, forecast.milder) == (FEWEST_RATED, 25, 0)


def test_a_project_of_mild_items_asks_for_nothing(database: Database, clock: HandClock) -> None:
    assert told(furnish(database, clock, items=[0, 1], max_severity=1)) == {}
