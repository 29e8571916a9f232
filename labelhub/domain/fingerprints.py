"""What makes two items the same, and two prompts the same opening."""

import json
import unicodedata
from collections.abc import Iterable
from hashlib import sha256
from json.encoder import encode_basestring as _quoted

from labelhub.domain.items import ItemDraft, Turn
from labelhub.domain.vocabulary import SpeakerRole


def fingerprint(draft: ItemDraft) -> bytes:
    """Return the SHA-256 by which an item is known again when its file is imported twice.

    It covers the turns of the prompt, in order, and the turns of the completions as an
    unordered set: two texts are the same comparison whichever stands first (export-formats.md,
    4.2). Ids, models, severity, hazards, ratings and metadata do not enter. An item without
    texts (votes only) is known by its source, its id there, and its models.
    """
    if any(each.turns for each in draft.completions):
        completions = ",".join(sorted(_turns(each.turns) for each in draft.completions))
        return _hashed(f'["texts",{_turns(draft.prompt)},[{completions}]]')
    models = sorted(each.model for each in draft.completions)
    votes = ["votes", draft.source, draft.source_id, draft.external_id, models]
    return _hashed(_canonical(votes))


def prompt_key(draft: ItemDraft) -> bytes:
    """Return the SHA-256 of the first user turn, normalised (export-formats.md, 4.7).

    Items that share it must not be divided between the splits of a release. Without a user turn
    the first turn counts; without any turn the source and its id of the conversation.
    """
    spoken = [turn for turn in draft.prompt if turn.role is SpeakerRole.USER] or draft.prompt
    if not spoken:
        return _hashed(_canonical(["source", draft.source, draft.source_id]))
    return _hashed(_canonical(["opening", _normalised(spoken[0].content)]))


def _hashed(canonical: str) -> bytes:
    return sha256(canonical.encode()).digest()


def _normalised(text: str) -> str:
    if text.isascii():  # NFKC leaves it as it is; most openings are short and plain
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _turns(turns: Iterable[Turn]) -> str:
    """Write turns as JSON, `[["user","…"]]`. By hand, as an import does it for every item."""
    return f"[{','.join([f'[{_quoted(turn.role)},{_quoted(turn.content)}]' for turn in turns])}]"


def _canonical(value: object) -> str:
    """Write a value as JSON in one way only."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
