"""W-5, L-20, S-15: tightening is one person's act, loosening takes two yeses and its time."""

from datetime import timedelta

import pytest

from labelhub.domain.vocabulary import Role
from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.limits import PolicyError
from labelhub.domain.welfare.loosening import FRESH, LoosensError, NotAskableError
from labelhub.services.limits.loosening import Answer
from labelhub.services.limits.whose import NotTheirsError
from labelhub.tables import metadata
from tests.services.limits.office import Office

SECOND = timedelta(seconds=1)
LAYERS = tuple(Layer)
WITH_STAFF = (Layer.INSTALLATION, Layer.VENDOR, Layer.PROJECT)


def delay(layer: Layer) -> timedelta:
    return timedelta(hours=24) if layer is Layer.LABELER else timedelta(days=7)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_tightening_holds_at_once_with_one_event(office: Office, layer: Layer) -> None:
    assert office.tighten(layer, dose_hour=100) == ("dose_hour",)

    assert office.points() == 100
    kind = "choice" if layer is Layer.LABELER else "policy"
    [event] = office.events(kind)
    assert event["layer"] == layer
    assert event["tightened"] == {"dose_hour": {"value": 100, "unit": "points"}}
    assert office.tighten(layer, dose_hour=100) == ()
    assert len(office.events(kind)) == 1


@pytest.mark.parametrize("layer", LAYERS)
def test_nobody_loosens_by_tightening(office: Office, layer: Layer) -> None:
    office.tighten(layer, dose_hour=100)

    with pytest.raises(LoosensError, match="dose_hour: in force is 100 points"):
        office.tighten(layer, dose_hour=101, dose_day=10)

    assert (office.points(), office.points("dose_day")) == (100, 960)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_loosening_holds_from_the_second_yes_and_not_before_its_delay(
    office: Office, layer: Layer
) -> None:
    office.tighten(layer, dose_hour=100)
    request = office.ask(layer, dose_hour=200)
    assert office.points() == 100

    office.clock.pass_(delay(layer) - SECOND)
    assert office.confirm(layer, request.id) is Answer.EARLY
    assert office.points() == 100
    office.clock.pass_(SECOND)
    assert office.points() == 100  # nothing happens by itself
    assert office.confirm(layer, request.id) is Answer.DONE
    assert office.points() == 200
    assert office.confirm(layer, request.id) is Answer.GONE


@pytest.mark.parametrize("layer", LAYERS)
def test_each_step_leaves_one_event(office: Office, layer: Layer) -> None:
    office.tighten(layer, dose_hour=100, dose_day=300)
    first, second = office.ask(layer, dose_hour=200), office.ask(layer, dose_day=400)
    office.withdraw(layer, second.id)
    office.clock.pass_(delay(layer))
    office.confirm(layer, first.id)

    events = office.events("choice" if layer is Layer.LABELER else "policy")
    assert [one.get("loosening", "tightened") for one in events] == [
        "tightened", "asked", "asked", "withdrawn", "confirmed",
    ]  # fmt: skip
    assert events[-1]["limits"] == {"dose_hour": {"value": 200, "unit": "points"}}
    assert events[-1]["by"] == str(office.pair(layer)[1])


@pytest.mark.parametrize("layer", WITH_STAFF)
def test_the_one_who_asked_never_says_the_second_yes(office: Office, layer: Layer) -> None:
    office.tighten(layer, dose_hour=100)
    request = office.ask(layer, dose_hour=200)
    office.clock.pass_(delay(layer))

    asker, _second = office.pair(layer)
    assert office.confirm(layer, request.id, by=asker) is Answer.SAME_PERSON
    assert office.points() == 100


@pytest.mark.parametrize("layer", WITH_STAFF)
@pytest.mark.parametrize(
    ("ago", "answer"),
    [
        (FRESH - SECOND, Answer.DONE),
        (FRESH, Answer.OLD_SIGN_IN),
        (-SECOND, Answer.OLD_SIGN_IN),  # a wall clock that was turned back
    ],
)
def test_the_second_yes_takes_a_fresh_sign_in(
    office: Office, layer: Layer, ago: timedelta, answer: Answer
) -> None:
    office.tighten(layer, dose_hour=100)
    request = office.ask(layer, dose_hour=200)
    office.clock.pass_(delay(layer))

    signed_in = office.clock.now() - ago
    assert office.confirm(layer, request.id, signed_in_at=signed_in) is answer


@pytest.mark.parametrize("layer", LAYERS)
def test_nobody_else_speaks_for_a_layer(office: Office, layer: Layer) -> None:
    office.tighten(layer, dose_hour=100)
    request = office.ask(layer, dose_hour=200)
    office.clock.pass_(delay(layer))
    entitled = set(office.pair(layer))

    world = office.world
    for person in [one.id for one in world.everyone] + list(office.seconds.values()):
        if person in entitled:
            continue
        assert office.confirm(layer, request.id, by=person) is Answer.GONE
        for act in (
            lambda who=person: office.tighten(layer, by=who, dose_hour=50),
            lambda who=person: office.ask(layer, by=who, dose_hour=240),
            lambda who=person: office.withdraw(layer, request.id, by=who),
        ):
            with pytest.raises(NotTheirsError):
                act()
    assert office.points() == 100


def test_a_role_that_was_taken_away_says_no_second_yes(office: Office) -> None:
    office.tighten(Layer.VENDOR, dose_hour=100)
    request = office.ask(Layer.VENDOR, dose_hour=200)
    office.clock.pass_(delay(Layer.VENDOR))
    members = metadata.tables["membership"]
    second = office.seconds[Role.VENDOR_MANAGER]
    with office.database.writing() as session:
        session.connection().execute(
            members.update().where(members.c.person_id == second).values(
                ended_at=office.clock.now()
            )
        )  # fmt: skip

    assert office.confirm(Layer.VENDOR, request.id) is Answer.GONE
    assert office.points() == 100


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("by_asker", [True, False])
def test_either_side_withdraws_at_once(office: Office, layer: Layer, *, by_asker: bool) -> None:
    office.tighten(layer, dose_hour=100)
    request = office.ask(layer, dose_hour=200)

    assert office.withdraw(layer, request.id, by=office.pair(layer)[not by_asker])
    assert not office.withdraw(layer, request.id)
    office.clock.pass_(delay(layer))
    assert office.confirm(layer, request.id) is Answer.GONE
    assert office.points() == 100


@pytest.mark.parametrize("layer", LAYERS)
def test_what_was_tightened_meanwhile_is_kept(office: Office, layer: Layer) -> None:
    office.tighten(layer, dose_hour=100)
    request = office.ask(layer, dose_hour=200)
    office.tighten(layer, dose_day=300, mix=3)
    office.clock.pass_(delay(layer))
    office.confirm(layer, request.id)

    assert [office.points(name) for name in ("dose_hour", "dose_day", "mix")] == [200, 300, 3]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_tightening_that_contradicts_wins_and_the_rest_goes_on(
    office: Office, layer: Layer
) -> None:
    office.tighten(layer, dose_hour=100, dose_day=300)
    request = office.ask(layer, dose_hour=200, dose_day=400)
    office.tighten(layer, dose_hour=90)
    office.clock.pass_(delay(layer))

    assert office.confirm(layer, request.id) is Answer.DONE
    assert [office.points(name) for name in ("dose_hour", "dose_day")] == [90, 400]
    last = office.events("choice" if layer is Layer.LABELER else "policy")[-2]
    assert last["overruled"] == ["dose_hour"]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_request_that_is_overruled_whole_is_gone(office: Office, layer: Layer) -> None:
    office.tighten(layer, dose_hour=100)
    request = office.ask(layer, dose_hour=200)
    office.tighten(layer, dose_hour=90)
    office.clock.pass_(delay(layer))

    assert office.confirm(layer, request.id) is Answer.GONE
    assert office.points() == 90


def test_an_outer_layer_that_tightened_meanwhile_still_holds(office: Office) -> None:
    office.tighten(Layer.VENDOR, dose_hour=100)
    request = office.ask(Layer.VENDOR, dose_hour=200)
    office.tighten(Layer.INSTALLATION, dose_hour=120)
    office.clock.pass_(delay(Layer.VENDOR))

    assert office.confirm(Layer.VENDOR, request.id) is Answer.DONE
    assert office.points() == 120


NOT_ASKABLE: tuple[tuple[dict[str, object], str], ...] = (
    ({"dose_hour": 100}, "is not looser than what this layer has set"),
    ({"dose_hour": 99}, "is not looser"),
    ({"dose_day": 960}, "is not looser"),
    ({"dose_hour": 401}, "looser than the ceiling; allowed: 0 to 400"),
    ({"dose_hour": -1}, "out of range"),
    ({"dose_hour": 10**30}, "out of range"),
    ({"dose_hour": "200"}, "is not a whole number"),
    ({"dose_hour": 200.0}, "is not a whole number"),
    ({"dose_hour": True}, "is not a whole number"),
    ({"dose_hour": None}, "is not a whole number"),
    ({"night": ["20:00", "24:00"]}, "is not a time as HH:MM"),
    ({"dose_hour": 150, "mix": 9}, "looser than the ceiling; allowed: 0 to 8 items"),
    ({}, "none is named"),
)


@pytest.mark.parametrize("layer", LAYERS)
def test_what_cannot_be_asked_for_is_refused_and_leaves_nothing(
    office: Office, layer: Layer
) -> None:
    office.tighten(layer, dose_hour=100, dose_day=960)
    before = office.events("policy") + office.events("choice")

    for asked, said in NOT_ASKABLE:
        with pytest.raises(PolicyError, match=said):
            office.ask(layer, **asked)

    assert office.events("policy") + office.events("choice") == before
    with office.database.reading() as session:
        assert not session.connection().execute(metadata.tables["limit_request"].select()).all()


@pytest.mark.parametrize("layer", [Layer.VENDOR, Layer.PROJECT, Layer.LABELER])
def test_a_layer_loosens_no_further_than_the_outer_ones(office: Office, layer: Layer) -> None:
    office.tighten(layer, dose_hour=100)
    with pytest.raises(NotAskableError, match="accepted is at most 240 points"):
        office.ask(layer, dose_hour=241)
    office.ask(layer, dose_hour=240)


def test_the_installation_loosens_as_far_as_the_ceilings(office: Office) -> None:
    request = office.ask(Layer.INSTALLATION, dose_hour=400, night=["22:00", "06:00"])
    office.clock.pass_(delay(Layer.INSTALLATION))
    office.confirm(Layer.INSTALLATION, request.id)

    assert office.points() == 400
    assert office.in_force().night.begins.hour == 22


def test_a_limit_is_asked_for_once_at_a_time(office: Office) -> None:
    office.tighten(Layer.VENDOR, dose_hour=100)
    office.ask(Layer.VENDOR, dose_hour=150)

    with pytest.raises(NotAskableError, match="asked for already"):
        office.ask(Layer.VENDOR, dose_hour=200)


@pytest.mark.parametrize("layer", WITH_STAFF)
def test_a_longer_delay_holds_for_what_was_asked_before(office: Office, layer: Layer) -> None:
    office.tighten(layer, dose_hour=100)
    request = office.ask(layer, dose_hour=200)
    office.tighten(layer, delay_others=14)
    office.clock.pass_(days=14, seconds=-1)
    assert office.confirm(layer, request.id) is Answer.EARLY
    office.clock.pass_(SECOND)
    assert office.confirm(layer, request.id) is Answer.DONE


def test_a_projects_longer_delay_holds_for_its_labelers(office: Office) -> None:
    office.tighten(Layer.PROJECT, delay_labeler=48)
    office.tighten(Layer.LABELER, dose_hour=100)
    request = office.ask(Layer.LABELER, dose_hour=200)
    office.clock.pass_(hours=48, seconds=-1)
    assert office.confirm(Layer.LABELER, request.id) is Answer.EARLY
    office.clock.pass_(SECOND)
    assert office.confirm(Layer.LABELER, request.id) is Answer.DONE


def test_another_labelers_limits_are_untouched(office: Office) -> None:
    office.tighten(Layer.LABELER, dose_hour=100)

    assert office.in_force(office.world.ben.id).dose_hour == 240 * 60


@pytest.mark.parametrize("years", [-10, -1, 1, 10])
def test_a_turned_clock_brings_no_loosening_closer(office: Office, years: int) -> None:
    office.tighten(Layer.LABELER, dose_hour=100)
    request = office.ask(Layer.LABELER, dose_hour=200)
    office.clock.set_wall(days=365 * years)

    assert office.confirm(Layer.LABELER, request.id) is Answer.EARLY
    assert office.points() == 100
