"""Votes added up: what a pair, the ledger and the card are counted from."""

from hypothesis import given
from hypothesis import strategies as st

from labelhub.domain.release.votes import COUNTED, Tally, Vote, VoteStatus, add_up
from labelhub.domain.vocabulary import Choice
from tests.domain.release.world import vote

VOTES = st.lists(
    st.builds(
        vote,
        st.sampled_from(Choice),
        st.integers(0, 3),
        status=st.sampled_from(VoteStatus),
        first_on_left=st.sampled_from([None, True, False]),
    ),
    max_size=6,
)
TURNED = {Choice.FIRST: Choice.SECOND, Choice.SECOND: Choice.FIRST}


def turned(votes: list[Vote]) -> list[Vote]:
    """The same votes on the same two texts, had the item shown them the other way about."""
    return [one._replace(choice=TURNED.get(one.choice, one.choice)) for one in votes]


def test_strength_that_was_not_asked_is_one() -> None:
    total = add_up([vote("first", 0), vote("second", 3)])

    assert total.tally == Tally(first=1, second=1, signed=-2)


def test_votes_that_do_not_count_are_on_record_unless_withdrawn() -> None:
    statuses = (VoteStatus.LATE, VoteStatus.GOLD, VoteStatus.PRACTICE, VoteStatus.WITHDRAWN)

    total = add_up([vote("first", status=status) for status in statuses])

    assert total.tally == Tally(set_aside=2)
    assert (total.on_record, total.counted) == (3, 0)


def test_unsure_counts_as_a_rating_and_as_no_answer() -> None:
    total = add_up([vote("unsure"), vote("tie")])

    assert total.counted == 2
    assert total.tally.pattern() == (0, 0, 1, 0, 0)


def test_the_side_shown_on_the_left_is_known_only_where_a_display_is() -> None:
    shown = [vote("first", first_on_left=True), vote("second", first_on_left=True)]

    total = add_up([*shown, vote("first", first_on_left=None), vote("tie", first_on_left=True)])

    assert (total.sided, total.left) == (2, 1)


@given(VOTES, VOTES)
def test_adding_up_apart_and_joining_is_adding_up_together(
    mine: list[Vote], theirs: list[Vote]
) -> None:
    together = add_up(mine + theirs)

    straight = add_up(mine).tally.joined(add_up(theirs).tally, flipped=False)
    crossed = add_up(mine).tally.joined(add_up(turned(theirs)).tally, flipped=True)

    assert straight == crossed == together.tally
    assert together.counted == sum(one.status in COUNTED for one in mine + theirs)
