"""A small release world: Amina, Ben and others label comparisons for one vendor."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from labelhub.domain.items import Completion, Turn
from labelhub.domain.release.facts import CardFacts
from labelhub.domain.release.plan import Planner, ReleasePlan
from labelhub.domain.release.rated import HarmVote, RatedItem, Split
from labelhub.domain.release.spec import ReleaseSpec
from labelhub.domain.release.votes import Vote
from labelhub.domain.vocabulary import Choice, SpeakerRole

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
DAY = date(2026, 1, 30)
KEY = b"the key of one release, 32 bytes"
PEOPLE = ("amina", "ben", "chidi", "divya", "emre", "farah")
FACTS = CardFacts(
    title="Helpful answers",
    summary="People compared two answers to everyday questions.",
    creator="The lab",
    licence="cc-by-4.0",
    languages=("en",),
    instrument="Which answer helps more?",
    guidelines="# Guidelines\n\nPrefer what helps.",
    guidelines_version="2",
    overlap=3,
    labelers=6,
)


def user(text: str) -> Turn:
    return Turn(SpeakerRole.USER, text)


def system(text: str) -> Turn:
    return Turn(SpeakerRole.SYSTEM, text)


def assistant(text: str) -> Turn:
    return Turn(SpeakerRole.ASSISTANT, text)


def completion(text: str, model: str = "") -> Completion:
    return Completion((assistant(text),), model)


def vote(choice: Choice | str, strength: int = 1, rater: str = "amina", **more: object) -> Vote:
    rating_id = str(more.pop("rating_id", f"{rater}-{choice}-{strength}"))
    return Vote(rating_id, f"vendor-{rater}", DAY, Choice(choice), strength, **more)  # type: ignore[arg-type]


def votes(*choices: str) -> tuple[Vote, ...]:
    """Votes by different people; "first3" is the first side with strength 3."""
    found = []
    for choice, person in zip(choices, PEOPLE, strict=False):
        name, strength = choice.rstrip("123"), choice[-1]
        found.append(vote(name, int(strength) if strength.isdigit() else 0, person))
    return tuple(found)


@dataclass(frozen=True)
class Draft:
    """An item before it is planned."""

    key: str
    prompt: tuple[Turn, ...]
    completions: tuple[Completion, ...]
    votes: tuple[Vote, ...] = ()
    harms: tuple[HarmVote, ...] = ()
    source: str = ""
    source_id: str = ""


def comparison(
    key: str,
    *choices: str,
    question: str = "",
    first: str = "Seven minutes.",
    second: str = "Until it feels right.",
    models: tuple[str, str] = ("m-a", "m-b"),
) -> Draft:
    prompt = (user(question or f"How long do I boil egg {key}?"),)
    cast = tuple(one._replace(rating_id=f"{key}-{one.rater}") for one in votes(*choices))
    return Draft(key, prompt, (completion(first, models[0]), completion(second, models[1])), cast)


def plan_of(
    spec: ReleaseSpec, drafts: Sequence[Draft], stored: dict[str, Split] | None = None
) -> ReleasePlan[Draft]:
    planner: Planner[Draft] = Planner(spec)
    for draft in drafts:
        planner.add(draft, draft.prompt, draft.source, draft.source_id)
    return planner.plan(stored or {})


def rated(plan: Iterable[object]) -> Iterator[RatedItem]:
    for planned in plan:
        draft: Draft = planned.item_id  # type: ignore[attr-defined]
        yield RatedItem(
            item_key=draft.key,
            prompt_key=planned.prompt_key,  # type: ignore[attr-defined]
            split=planned.split,  # type: ignore[attr-defined]
            prompt=draft.prompt,
            completions=draft.completions,
            votes=draft.votes,
            harms=draft.harms,
            instrument="preference" if draft.votes else "harm",
            source=draft.source,
            source_id=draft.source_id,
            language="en",
            place=planned.place,  # type: ignore[attr-defined]
        )


def items_of(spec: ReleaseSpec, drafts: Sequence[Draft]) -> list[RatedItem]:
    return list(rated(plan_of(spec, drafts)))
