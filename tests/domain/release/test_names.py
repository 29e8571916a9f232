"""Names in a release: the formula of R7, and what two releases share."""

import hashlib
import hmac
from base64 import b32encode

from labelhub.domain.items import Turn
from labelhub.domain.release.names import (
    item_name,
    labeler_name,
    order_key,
    prompt_key,
    rating_name,
)
from labelhub.domain.release.spec import System
from tests.domain.release.world import assistant, system, user

OTHER_KEY = b"the key of another release, 32 b"
KEY = b"the key of one release, 32 bytes"


def test_a_labeler_is_named_by_the_formula() -> None:
    expected = b32encode(hmac.new(KEY, b"vendor-amina", hashlib.sha256).digest())[:16].decode()

    assert labeler_name(KEY, "vendor-amina") == expected
    assert len(expected) == 16


def test_two_releases_share_no_name_of_a_person_a_rating_or_an_item() -> None:
    for name in (labeler_name, rating_name, item_name):
        assert name(KEY, "amina") != name(OTHER_KEY, "amina")
        assert name(KEY, "amina") == name(KEY, "amina")
        assert name(KEY, "amina") != name(KEY, "ben")


def test_one_identity_has_another_name_in_each_role() -> None:
    names = {name(KEY, "x").lower() for name in (labeler_name, rating_name, item_name)}

    assert len(names) == 3


def test_the_same_person_at_two_organisations_is_two_labelers() -> None:
    assert labeler_name(KEY, "acme-amina") != labeler_name(KEY, "bolt-amina")


def test_the_order_differs_between_releases() -> None:
    names = [str(n) for n in range(40)]
    one, other = (sorted(names, key=lambda name: order_key(k, name)) for k in (KEY, OTHER_KEY))

    assert one != other
    assert one != sorted(names)


def test_a_prompt_is_named_by_its_text_and_roles() -> None:
    assert prompt_key((user("a"),)) == prompt_key((user("a"),))
    assert prompt_key((user("a"),)) != prompt_key((assistant("a"),))
    assert prompt_key((user("a"), assistant("b"))) != prompt_key((user("ab"),))


def test_a_prompt_is_named_as_it_is_written() -> None:
    asked: tuple[Turn, ...] = (system("Be brief."), user("a"))

    assert prompt_key(asked) != prompt_key((user("a"),))
    assert prompt_key(asked, System.DROP) == prompt_key((user("a"),))
    assert prompt_key(asked, System.FOLD) == prompt_key((user("Be brief.\n\na"),))
