"""Tokens are long, single-purpose, and understood under older keys."""

from labelhub.services import tokens


def test_tokens_are_long_and_never_the_same() -> None:
    made = {tokens.new_token() for _ in range(100)}

    assert len(made) == 100
    assert min(len(token) for token in made) >= 43


def test_a_hash_belongs_to_one_purpose_and_one_key() -> None:
    hashes = {
        tokens.keyed_hash("sign-in", "t", "key-1"),
        tokens.keyed_hash("invitation", "t", "key-1"),
        tokens.keyed_hash("sign-in", "t", "key-2"),
        tokens.keyed_hash("sign-in", "u", "key-1"),
    }

    assert len(hashes) == 4


def test_the_key_in_use_comes_first() -> None:
    both = tokens.keyed_hashes("sign-in", "t", ("new", "old"))

    assert both == [
        tokens.keyed_hash("sign-in", "t", "new"),
        tokens.keyed_hash("sign-in", "t", "old"),
    ]
