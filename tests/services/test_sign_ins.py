"""Sign-ins survive a change of key, and old ones are forgotten."""

from datetime import timedelta

from labelhub.domain.vocabulary import Role
from labelhub.services import people, sign_ins
from labelhub.store.database import Database
from tests.support.world import World
from tests.worlds import HandClock


def test_rotating_the_key_signs_nobody_out(
    database: Database, world: World, clock: HandClock
) -> None:
    def find(token: str, *keys: str) -> bool:
        with database.reading() as session:
            return sign_ins.find_visitor(session, token, keys, clock.now()) is not None

    token = database.run(
        lambda session: sign_ins.start(session, world.amina.id, "", ("old",), clock.now())
    )

    assert find(token, "old")
    assert find(token, "new", "old")
    assert not find(token, "new")


def test_a_visitor_has_every_role_of_this_moment(
    database: Database, world: World, clock: HandClock
) -> None:

    database.run(
        lambda session: people.give_role(
            session, world.amina.id, world.other_vendor, Role.LABELER, None, clock
        )
    )
    token = database.run(
        lambda session: sign_ins.start(session, world.amina.id, "", ("k",), clock.now())
    )
    with database.reading() as session:
        visitor = sign_ins.find_visitor(session, token, ("k",), clock.now())

    assert visitor is not None
    assert set(visitor.organisations(Role.LABELER)) == {world.vendor, world.other_vendor}
    assert visitor.roles == {Role.LABELER}


def test_a_role_is_given_once(database: Database, world: World, clock: HandClock) -> None:

    def give() -> bool:
        return database.run(
            lambda session: people.give_role(
                session, world.gita.id, world.vendor, Role.LABELER, None, clock
            )
        )

    assert [give(), give()] == [True, False]


def test_old_sign_ins_are_forgotten_and_current_ones_kept(
    database: Database, world: World, clock: HandClock
) -> None:
    for _ in range(2):
        database.run(
            lambda session: sign_ins.start(session, world.amina.id, "", ("k",), clock.now())
        )
        clock.pass_(timedelta(days=20))

    counts = [
        database.run(lambda session: sign_ins.forget_old(session, clock.now())) for _ in range(2)
    ]

    assert counts == [1, 0]
