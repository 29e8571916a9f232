"""Rows of the trainer formats, in the order of their columns."""

from collections.abc import Callable

from labelhub.domain.release.absolute import Evidence, Label
from labelhub.domain.release.conversation import with_system
from labelhub.domain.release.pairs import Pair, Preference
from labelhub.domain.release.spec import Format, ReleaseSpec, System
from labelhub.exports.dialogue import dialogue, prompt_and_completions, sayable
from labelhub.exports.writers import Row

_KEEP = System.KEEP

PairRow = Callable[[Pair, Preference, ReleaseSpec], Row | None]


def response_id(item_key: str, side: int) -> str:
    """Return the name of a completion: its item's, and its place there from 1."""
    return f"{item_key}/{side + 1}"


def _tail(pair: Pair, preference: Preference) -> Row:
    item, winner = pair.item, preference.winner
    key = item.item_key
    return (
        key,
        item.prompt_key,
        f"{key}/{winner + 1}",
        f"{key}/{2 - winner}",
        pair.models[winner],
        pair.models[1 - winner],
        preference.mean_strength,
        preference.votes,
        preference.chosen,
        preference.rejected,
        preference.neither,
        preference.agreement,
    )


def _preference(pair: Pair, preference: Preference, spec: ReleaseSpec) -> Row:
    item, winner = pair.item, preference.winner
    prompt = item.prompt if spec.system is _KEEP else with_system(item.prompt, spec.system)
    chosen, rejected = item.completions[winner], item.completions[1 - winner]
    return (prompt, chosen.turns, rejected.turns, *_tail(pair, preference))


def _margin(pair: Pair, preference: Preference, spec: ReleaseSpec) -> Row:
    margin = round(preference.mean_strength * spec.rules.margin_scale, 6)
    return (*_preference(pair, preference, spec), margin)


def _text(pair: Pair, preference: Preference, spec: ReleaseSpec) -> Row | None:
    item, winner = pair.item, preference.winner
    prompt = with_system(item.prompt, spec.system)
    sides = [item.completions[winner].turns, item.completions[1 - winner].turns]
    if not all(sayable(turns) for turns in (prompt, *sides)):
        return None
    opening, (chosen, rejected) = prompt_and_completions(prompt, sides)
    return (opening, chosen, rejected, *_tail(pair, preference))


def _hh(pair: Pair, preference: Preference, spec: ReleaseSpec) -> Row | None:
    item, winner = pair.item, preference.winner
    prompt = with_system(item.prompt, spec.system)
    sides = [item.completions[winner].turns, item.completions[1 - winner].turns]
    if not all(sayable(turns) for turns in (prompt, *sides)):
        return None
    before = dialogue(prompt)
    return (before + dialogue(sides[0]), before + dialogue(sides[1]))


PAIR_ROWS: dict[Format, PairRow] = {
    Format.TRL_PREFERENCE: _preference,
    Format.REWARD_MARGIN: _margin,
    Format.TRL_PREFERENCE_TEXT: _text,
    Format.HH_RLHF: _hh,
}
"""A row for a decided pair, or None where the format's text cannot carry its turns."""


def unpaired_row(evidence: Evidence, label: Label, spec: ReleaseSpec) -> Row:
    """Return the row of one labelled completion."""
    item, side = evidence.item, evidence.side
    return (
        with_system(item.prompt, spec.system),
        item.completions[side].turns,
        label.good,
        response_id(item.item_key, side),
        item.prompt_key,
        evidence.models,
        label.votes,
        label.n_good,
        label.n_bad,
        label.evidence,
    )
