"""Identifiers: random where they are seen, ordered where tables are long."""

from uuid import RFC_4122

from labelhub.identifiers import new_id, new_ordered_id

MANY = 2_000


def test_random_ones_are_version_four() -> None:
    assert {new_id().version for _ in range(100)} == {4}


def test_ordered_ones_are_version_seven_of_rfc_9562() -> None:
    for one in (new_ordered_id() for _ in range(100)):
        assert (one.version, one.variant) == (7, RFC_4122)


def test_ordered_ones_come_in_the_order_of_their_milliseconds() -> None:
    made = [new_ordered_id().int >> 80 for _ in range(MANY)]

    assert made == sorted(made)


def test_every_bit_that_may_be_random_is() -> None:
    made = [new_ordered_id().int for _ in range(MANY)]
    random_bits = [*range(62), *range(64, 76)]

    assert len(set(made)) == MANY
    for bit in random_bits:
        assert 0.4 < sum(one >> bit & 1 for one in made) / MANY < 0.6
