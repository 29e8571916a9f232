"""My choices: less acts at once, more waits a day and is asked twice, and only the labeler asks."""

import json
from datetime import timedelta

import pytest

from labelhub.domain.vocabulary import OptOutScope, Severity
from labelhub.services import joining, own_choices
from labelhub.services.own_choices import Mine
from labelhub.services.showing import NotThere, Offered, Refused, Shown
from labelhub.store.database import Database
from tests.services.desk.room import Room, furnish
from tests.worlds import HandClock

A_DAY = timedelta(hours=24)
CATEGORY, TODAY, PROJECT = OptOutScope.CATEGORY, OptOutScope.TODAY, OptOutScope.PROJECT


def mine(room: Room, place: int = 0) -> Mine:
    with room.database.reading() as session:
        return own_choices.mine(session, room.who(place), room.clock)


def ask(room: Room, scope: OptOutScope, subject: str = "", place: int = 0) -> bool:
    return room.run(lambda s: own_choices.ask_end(s, room.who(place), scope, subject, room.clock))


def confirm(room: Room, scope: OptOutScope, subject: str = "", place: int = 0) -> bool:
    return room.run(
        lambda s: own_choices.confirm_end(s, room.who(place), scope, subject, room.clock)
    )


def keep(room: Room, scope: OptOutScope, subject: str = "") -> bool:
    return room.run(lambda s: own_choices.keep(s, room.who(), scope, subject, room.clock))


def withdraw(room: Room, severity: int, place: int = 0) -> bool:
    tier = Severity(severity)
    return room.run(lambda s: own_choices.withdraw(s, room.who(place), tier, room.clock))


def agree(room: Room, severity: int) -> bool:
    tier = Severity(severity)
    return room.run(lambda s: own_choices.ask_consent(s, room.who(), tier, room.clock))


def confirm_agree(room: Room, severity: int) -> bool:
    tier = Severity(severity)
    return room.run(lambda s: own_choices.confirm_consent(s, room.who(), tier, room.clock))


def join(room: Room, *agreed: int) -> bool:
    tiers = [Severity(one) for one in agreed]
    return room.run(lambda s: joining.join(s, room.who(), room.desk.slug, tiers, room.clock))


def told(room: Room, place: int = 0) -> list[dict[str, object]]:
    """Return the sealed payloads of the events about choices, in order."""
    (chain,) = room.rows("chain", person_id=room.who(place))
    kinds = {event.seq: event.kind for event in room.rows("event", chain_id=chain.id)}
    sealed = sorted(room.rows("event_payload", chain_id=chain.id), key=lambda row: row.seq)
    return [json.loads(row.payload) for row in sealed if kinds[row.seq] == "choice"]


def test_a_kind_ends_only_by_a_second_yes_a_day_after_the_first(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0], hazards=[["hte"]])
    room.decline(CATEGORY, category="hte")
    assert ask(room, CATEGORY, "hte")
    (listed,) = mine(room).declined
    assert listed.confirm_from == clock.now() + A_DAY

    clock.pass_(A_DAY - timedelta(seconds=1))
    assert not confirm(room, CATEGORY, "hte")
    assert not isinstance(room.next(), Shown)

    clock.pass_(timedelta(days=9))  # waiting alone ends nothing
    assert not isinstance(room.next(), Shown)
    assert confirm(room, CATEGORY, "hte")
    assert isinstance(room.next(), Shown)
    assert mine(room).declined == ()
    assert [one["end"] for one in told(room)] == ["asked", "confirmed"]


def test_the_day_before_the_second_yes_is_exact(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    room.decline(CATEGORY, category="hte")
    ask(room, CATEGORY, "hte")
    clock.pass_(A_DAY)
    assert confirm(room, CATEGORY, "hte")


def test_a_clock_that_was_turned_does_not_shorten_the_day(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    room.decline(CATEGORY, category="hte")
    ask(room, CATEGORY, "hte")
    clock.set_wall(days=3)
    assert not confirm(room, CATEGORY, "hte")


def test_a_choice_cannot_end_that_was_not_asked_about(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    room.decline(CATEGORY, category="hte")
    clock.pass_(timedelta(days=30))
    assert not confirm(room, CATEGORY, "hte")
    assert not ask(room, CATEGORY, "prv")


def test_asking_again_does_not_begin_the_day_again(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    room.decline(CATEGORY, category="hte")
    assert ask(room, CATEGORY, "hte")
    clock.pass_(hours=20)
    assert not ask(room, CATEGORY, "hte")
    clock.pass_(hours=4)
    assert confirm(room, CATEGORY, "hte")


def test_keeping_and_declining_anew_undo_the_first_yes(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    room.decline(CATEGORY, category="hte")
    ask(room, CATEGORY, "hte")
    assert keep(room, CATEGORY, "hte")
    clock.pass_(A_DAY)
    assert not confirm(room, CATEGORY, "hte")

    ask(room, CATEGORY, "hte")
    room.decline(CATEGORY, category="hte")
    clock.pass_(A_DAY)
    (listed,) = mine(room).declined
    assert listed.confirm_from is None
    assert not confirm(room, CATEGORY, "hte")


def test_a_severity_ends_like_a_kind(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[2, 2], max_severity=2)
    room.consent(2)
    shown = room.shown()
    room.decline(OptOutScope.SEVERITY, shown=shown)
    assert isinstance(room.next(), Refused)
    ask(room, OptOutScope.SEVERITY, "2")
    clock.pass_(A_DAY)
    assert confirm(room, OptOutScope.SEVERITY, "2")
    assert isinstance(room.next(), Shown)


def test_hard_content_today_is_listed_until_it_lapses_and_ends_no_sooner_by_asking(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[2, 2], max_severity=2)
    room.consent(2)
    shown = room.shown()
    clock.pass_(minutes=1)
    room.decline(TODAY, shown=shown)
    (listed,) = mine(room).declined
    assert listed.lapses == clock.now() + timedelta(hours=11)
    assert ask(room, TODAY)
    clock.pass_(timedelta(hours=11) - timedelta(seconds=1))
    assert not confirm(room, TODAY)
    assert isinstance(room.next(), Refused)
    clock.pass_(seconds=1)
    assert mine(room).declined == ()
    assert isinstance(room.next(), Shown)


def test_coming_back_to_a_project_is_asked_twice_a_day_apart(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    room.decline(PROJECT)
    clock.pass_(own_choices.SLIP)
    assert isinstance(room.next(), NotThere)
    assert join(room)  # the first yes: the project is joined, and opens later
    assert isinstance(room.next(), Refused)
    (listed,) = mine(room).declined
    assert listed.confirm_from == clock.now() + A_DAY
    clock.pass_(A_DAY)
    assert isinstance(room.next(), Refused)
    assert join(room)  # the second
    assert isinstance(room.next(), Shown)


@pytest.mark.parametrize("way", ["page", "join"])
def test_a_project_left_by_a_slip_is_joined_again_at_once(
    database: Database, clock: HandClock, way: str
) -> None:
    room = furnish(database, clock)
    room.decline(PROJECT)
    clock.pass_(own_choices.SLIP - timedelta(seconds=1))
    (listed,) = mine(room).declined
    assert listed.slip_until == clock.now() + timedelta(seconds=1)
    if way == "page":
        assert confirm(room, PROJECT, listed.subject)
    assert join(room)
    assert isinstance(room.next(), Shown)
    assert mine(room).declined == ()


@pytest.mark.parametrize(
    ("scope", "category", "seconds", "ends"),
    [
        (CATEGORY, "hte", 299, True),
        (CATEGORY, "hte", 300, False),
        (TODAY, "", 1, False),
        (OptOutScope.SEVERITY, "", 1, False),
    ],
)
def test_a_slip_is_a_kind_declined_within_five_minutes_and_never_a_limit(
    database: Database, clock: HandClock, scope: OptOutScope, category: str, seconds: int,
    *, ends: bool,
) -> None:  # fmt: skip
    room = furnish(database, clock, items=[2, 2], hazards=[["hte"], ["hte"]], max_severity=2)
    room.consent(2)
    room.decline(scope, category=category)
    (listed,) = mine(room).declined
    clock.pass_(seconds=seconds)
    assert confirm(room, scope, listed.subject) is ends
    assert bool(mine(room).declined) is not ends


def test_asking_for_an_end_and_keeping_the_choice_brings_no_slip_back(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0], hazards=[["hte"]])
    room.decline(CATEGORY, category="hte")
    clock.pass_(own_choices.SLIP)
    assert ask(room, CATEGORY, "hte")
    assert keep(room, CATEGORY, "hte")
    room.decline(CATEGORY, category="hte")
    assert not confirm(room, CATEGORY, "hte")


def test_a_project_that_was_left_can_be_let_in_again_from_the_page(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    room.decline(PROJECT)
    (listed,) = mine(room).declined
    assert listed.name == room.rows("project")[0].title
    ask(room, PROJECT, listed.subject)
    clock.pass_(A_DAY)
    assert confirm(room, PROJECT, listed.subject)
    assert join(room)
    assert isinstance(room.next(), Shown)


def test_single_items_are_counted_by_project_and_stay_declined(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0, 0, 0])
    for _ in range(2):
        declined = room.shown()
        room.decline(shown=declined)
    title = room.rows("project")[0].title
    assert mine(room).items == ((title, 2),)
    assert mine(room).declined == ()
    assert not ask(room, OptOutScope.ITEM, declined.assignment.item_id.hex)


def test_a_withdrawn_consent_holds_for_the_very_next_request(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[2, 2], max_severity=2)
    room.consent(2)
    shown = room.shown()
    clock.pass_(seconds=30)
    assert withdraw(room, 2)
    assert isinstance(room.next(), Refused)
    assert isinstance(room.reveal(shown.assignment.id), Refused | NotThere)
    (charge,) = room.rows("charge")
    assert charge.active_s == 30
    assert room.paid() == {"released": 30}
    (item,) = room.rows("item", id=shown.assignment.item_id)
    assert (item.open_count, item.taken_count) == (0, 0)
    assert told(room) == [{"withdrawn": [2]}]


def test_withdrawing_takes_back_everything_worse_and_nothing_milder(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, max_severity=4)
    room.consent(2, 3, 4)
    withdraw(room, 3)
    standing = {int(one.severity): one.until is not None for one in mine(room).consents}
    assert standing == {2: True, 3: False, 4: False}


def test_withdrawing_leaves_a_milder_item_on_screen(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0], max_severity=2)
    room.consent(2)
    shown = room.shown()
    withdraw(room, 2)
    assert room.shown().exposure_id == shown.exposure_id


def test_an_answer_to_an_item_that_went_with_the_consent_is_kept_and_paid(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[2], max_severity=2)
    room.consent(2)
    shown = room.shown()
    clock.pass_(seconds=40)
    withdraw(room, 2)
    room.accepted(shown)
    assert len(room.rows("rating")) == 1


def test_a_yes_after_a_no_is_asked_twice_a_day_apart(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[2], max_severity=2)
    room.consent(2)
    withdraw(room, 2)
    assert agree(room, 2)
    clock.pass_(A_DAY - timedelta(seconds=1))
    assert not confirm_agree(room, 2)
    clock.pass_(timedelta(days=3))
    assert isinstance(room.next(), Refused)  # waiting alone is no second yes
    assert confirm_agree(room, 2)
    (standing,) = mine(room).consents
    assert standing.until == clock.now() + timedelta(days=180)
    assert isinstance(room.next(), Shown)


def test_joining_anew_is_no_shortcut_past_a_withdrawn_consent(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[2], max_severity=2)
    room.consent(2)
    withdraw(room, 2)
    join(room, 2)
    clock.pass_(A_DAY)
    assert isinstance(room.next(), Refused)
    join(room, 2)
    assert isinstance(room.next(), Shown)


def test_unticking_a_consent_when_joining_takes_it_back_at_once(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[2], max_severity=3)
    room.consent(2, 3)
    room.shown()
    join(room, 2)
    assert isinstance(room.next(), Shown)
    join(room)
    assert isinstance(room.next(), Refused)
    assert [one["withdrawn"] for one in told(room)] == [[3], [2]]


def test_leaving_it_off_forgets_the_first_yes(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, max_severity=2)
    room.consent(2)
    withdraw(room, 2)
    agree(room, 2)
    assert withdraw(room, 2)
    clock.pass_(A_DAY)
    assert not confirm_agree(room, 2)
    assert not withdraw(room, 2)


def test_a_first_yes_is_not_given_here(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, max_severity=2)
    assert not agree(room, 2)
    assert mine(room).consents == ()


def test_a_lapsed_consent_says_so(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, max_severity=2)
    room.consent(2)
    clock.pass_(timedelta(days=31))
    (lapsed,) = mine(room).consents
    assert lapsed.lapsed


@pytest.mark.parametrize("state", ["suspended", "resting", "role ended"])
def test_withdrawing_works_in_every_state(database: Database, clock: HandClock, state: str) -> None:
    room = furnish(database, clock, items=[2], max_severity=2)
    room.consent(2)
    room.shown()
    if state == "suspended":
        room.change("person", {"id": room.who()}, suspended_at=clock.now())
    elif state == "resting":
        room.rest()
    else:
        room.change("membership", {"person_id": room.who()}, ended_at=clock.now())
    assert withdraw(room, 2)


def test_nobody_elses_choices_are_listed_or_touched(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, labelers=2)
    room.consent(2, place=0)
    room.decline(CATEGORY, category="hte", place=0)
    other = mine(room, 1)
    assert (other.declined, other.items, other.consents) == ((), (), ())
    assert not ask(room, CATEGORY, "hte", place=1)
    assert not withdraw(room, 2, place=1)
    ask(room, CATEGORY, "hte")
    clock.pass_(A_DAY)
    assert not confirm(room, CATEGORY, "hte", place=1)
    assert len(mine(room).declined) == 1


def test_a_veiled_offer_goes_with_the_consent(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[2], max_severity=2, veil_tier=1)
    room.consent(2)
    offered = room.offered()
    withdraw(room, 2)
    assert not isinstance(room.next(), Offered)
    (assignment,) = room.rows("assignment", id=offered.assignment.id)
    assert assignment.outcome == "released"


def test_the_kinds_of_events_tell_no_choice(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[2], max_severity=2)
    room.consent(2, 3)
    withdraw(room, 3)
    agree(room, 3)
    before = room.events()
    assert before == ["choice", "choice"]
