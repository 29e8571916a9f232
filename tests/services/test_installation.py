"""The first administrator's links: the last one made works, and one only."""

from labelhub.domain.vocabulary import Role
from labelhub.services import installation, invitations
from labelhub.services.invitations import InvitationFacts, NewAccount
from labelhub.store.database import Database
from tests.support.application import SECRET_KEY
from tests.worlds import HandClock

KEYS = (SECRET_KEY,)


def link(database: Database, clock: HandClock) -> str:
    return database.run(lambda session: installation.invite_administrator(session, KEYS, clock))


def found(database: Database, clock: HandClock, token: str) -> InvitationFacts | None:
    with database.reading() as session:
        return invitations.find(session, token, KEYS, clock.now())


def test_a_new_link_withdraws_those_made_before(database: Database, clock: HandClock) -> None:
    database.run(lambda session: installation.make(session, clock))

    first, second = link(database, clock), link(database, clock)

    assert found(database, clock, first) is None
    assert found(database, clock, second) is not None


def test_the_first_administrator_ends_every_other_link_that_names_nobody(
    database: Database, clock: HandClock
) -> None:
    database.run(lambda session: installation.make(session, clock))
    used = link(database, clock)
    mine = found(database, clock, used)
    assert mine is not None
    mislaid, named = (
        database.run(
            lambda session, email=email: invitations.invite(
                session, mine.organisation_id, Role.ADMINISTRATOR, email, None, KEYS, clock.now()
            )
        )
        for email in ("", "dara@example.org")
    )

    account = NewAccount("farid@example.org", "Farid", "", "UTC", "en", "a hash")
    database.run(lambda session: invitations.accept_as_new(session, mine, account, clock))

    assert [found(database, clock, token) is None for token in (used, mislaid, named)] == [
        True, True, False,
    ]  # fmt: skip
