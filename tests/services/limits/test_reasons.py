"""Every limit says why it is there and on what it rests."""

from labelhub.domain.welfare.policy import bounds
from labelhub.services.limits import reasons


def test_every_limit_has_a_reason_and_a_basis() -> None:
    found = reasons.of_limits()

    assert {bound.limit for bound in bounds().values()} == set(found)
    assert all(one.sentence.endswith(".") for one in found.values())
    assert all(one.sources or one.design for one in found.values())
    assert len({one.sentence for one in found.values()}) == len(found)


def test_a_source_says_whether_it_was_checked() -> None:
    marks = {one.id: one.checked for found in reasons.of_limits().values() for one in found.sources}

    assert marks["S-08"] is True
    assert marks["S-21"] is False
