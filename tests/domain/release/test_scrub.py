"""Free text loses addresses and numbers, and says how many."""

from collections import Counter

import pytest

from labelhub.domain.release.scrub import scrub


@pytest.mark.parametrize(
    ("text", "left", "found"),
    [
        ("Write to amina.b+x@mail.example.org.", "Write to [email].", {"email": 1}),
        ("See https://example.org/a?b=1 now", "See [url] now", {"url": 1}),
        ("see WWW.example.org", "see [url]", {"url": 1}),
        ("from 192.168.0.17", "from [ip]", {"ip": 1}),
        ("call +49 30 123456-78", "call [phone]", {"phone": 1}),
        ("ask @amina_b", "ask [name]", {"name": 1}),
        ("2 of 3 claims are wrong (see 1987)", "2 of 3 claims are wrong (see 1987)", {}),
        ("The second is better.", "The second is better.", {}),
    ],
)
def test_what_has_a_form_is_found(text: str, left: str, found: dict[str, int]) -> None:
    counts: Counter[str] = Counter()

    assert scrub(text, counts) == left
    assert counts == found


def test_a_long_hostile_text_takes_no_longer_than_its_length() -> None:
    counts: Counter[str] = Counter()

    assert scrub("a@" * 20_000, counts)
    assert scrub("1 " * 40_000, counts)
    assert scrub("a." * 40_000, counts)
