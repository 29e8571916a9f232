"""Building a release: one snapshot, one plan, one pass, a folder that appears whole."""

import gc
import hashlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import Session

from labelhub.domain.projects import Project, Scope
from labelhub.domain.release.facts import CardFacts
from labelhub.domain.release.manifest import Manifest
from labelhub.domain.release.names import item_name
from labelhub.domain.release.plan import PlannedItem, Planner, ReleasePlan
from labelhub.domain.release.rated import RatedItem, Split
from labelhub.domain.release.spec import ReleaseSpec
from labelhub.domain.release.splits import PromptMark
from labelhub.domain.vocabulary import InstrumentName, PersonId
from labelhub.exports import NothingToReleaseError, verify_release, write_release
from labelhub.services import guidelines
from labelhub.store import (
    corpus,
    organisations,
    projects,
    release_register,
    released,
    released_counts,
    released_splits,
)
from labelhub.store.corpus import Spoken
from labelhub.store.database import Database
from labelhub.store.release_register import Registered
from labelhub.store.released import Answers
from labelhub.store.released_counts import RatingCounts
from labelhub.store.released_keys import Key

__all__ = [
    "NothingToReleaseError", "Registered", "Wanted", "build", "counts", "find", "of_project",
    "verify_release",
]  # fmt: skip

_PAGE = 500
KEY_BYTES = 32


class NotReproducibleError(RuntimeError):
    """The second build of a release had other bytes than the first; nothing was released."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A release somebody asks for. `spec` lacks its key, labelers and moment until it is built."""

    slug: str
    spec: ReleaseSpec
    folder: Path
    compare: bool = True  # build twice and compare every byte before the key is destroyed


def build(
    database: Database, scope: Scope, wanted: Wanted, by: PersonId | None, now: datetime
) -> Manifest:
    """Build the release, register it, and return its manifest.

    Everything is read in one snapshot. The key that makes its pseudonyms lives in memory only:
    after the second build has been compared with the first it is gone.

    Raises:
        NoSuchProjectError: not a project of this scope.
        NothingToReleaseError: no row was left to write; says why.
        SpecError, FileExistsError: as `exports.write_release`.
        NotReproducibleError: the two builds differ.

    """
    with database.reading() as session:
        project = projects.get_by_slug(session, scope, wanted.slug)
    release_id = database.run(lambda session: _register(session, project, wanted, by, now))
    try:
        manifest, changed = _build(database, scope, project, wanted, now)
    except BaseException as error:
        reason = str(error) or type(error).__name__
        database.run(lambda session: release_register.fail(session, release_id, reason, now))
        raise
    written = orjson.loads((wanted.folder / "manifest.json").read_bytes())
    digest = hashlib.sha256((wanted.folder / "manifest.json").read_bytes()).hexdigest()

    def keep(session: Session) -> None:
        released_splits.keep_splits(session, project, changed, now)
        release_register.finish(session, release_id, written, digest, now)

    database.run(keep)
    return manifest


def of_project(session: Session, scope: Scope, slug: str) -> list[Registered]:
    return release_register.of_project(session, projects.get_by_slug(session, scope, slug))


def find(session: Session, scope: Scope, slug: str, release_id: UUID) -> Registered | None:
    return release_register.find(session, projects.get_by_slug(session, scope, slug), release_id)


def counts(session: Session, scope: Scope, slug: str) -> RatingCounts:
    return released_counts.counts(session, projects.get_by_slug(session, scope, slug))


def _register(
    session: Session, project: Project, wanted: Wanted, by: PersonId | None, now: datetime
) -> UUID:
    spec = wanted.spec
    values: Mapping[str, Any] = {
        "format": spec.format.value,
        "file_type": spec.files_as.value,
        "folder": str(wanted.folder),
        "options": {"ties": spec.ties.value, "both_bad": spec.both_bad.value},
    }
    return release_register.register(session, project, spec.release, values, by, now)


def _build(
    database: Database, scope: Scope, project: Project, wanted: Wanted, now: datetime
) -> tuple[Manifest, Mapping[str, Split]]:
    with _settled(), database.reading(snapshot=True) as session:
        found = released_counts.counts(session, project)
        spec = replace(
            wanted.spec,
            key=secrets.token_bytes(KEY_BYTES),
            snapshot_at=now,
            labelers=found.labelers,
            project=project.slug,
        )
        plan = _plan(session, scope, project, spec)
        gc.freeze()
        facts = _facts(session, project, found)
        manifest = _write(session, scope, project, wanted.folder, spec, plan, facts)
        if wanted.compare:
            _compare(session, scope, project, wanted.folder, spec, plan, facts)
    return manifest, plan.split_plan.changed


@contextmanager
def _settled() -> Iterator[None]:
    """Let the collector pass over what is there already: a build would have it walked many times.

    What is made meanwhile is collected as ever, so nothing else in the process notices.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _plan(session: Session, scope: Scope, project: Project, spec: ReleaseSpec) -> ReleasePlan[Key]:
    """Order the rated items and split them without leaks, by the marks of their prompts."""
    planner: Planner[Key] = Planner(spec)
    for page in released.rated(session, scope, project):
        unmarked = [item.key for item in page if not item.mark]
        for key, source, source_id, prompt_id, mark in page:
            if mark:
                planner.add_marked(key, PromptMark.read(prompt_id, mark), source, source_id)
        for text in corpus.spoken(session, scope, unmarked) if unmarked else ():
            planner.add(text.key, text.prompt, text.source, text.source_id)
    return planner.plan(released_splits.splits(session, project))


def _write(
    session: Session,
    scope: Scope,
    project: Project,
    folder: Path,
    spec: ReleaseSpec,
    plan: ReleasePlan[Key],
    facts: CardFacts,
) -> Manifest:
    repeated = released.repeated_names(session, project)
    source = _Source(session, scope, project.instrument, spec, repeated)
    rows = chain.from_iterable(map(source.page, _batched(plan)))
    return write_release(folder, spec, rows, facts, plan.split_plan)


def _batched(plan: ReleasePlan[Key]) -> Iterator[list[PlannedItem[Key]]]:
    planned = iter(plan)
    while page := list(islice(planned, _PAGE)):
        yield page


@dataclass(frozen=True, slots=True)
class _Source:
    """Reads the items of a plan with their ratings."""

    session: Session
    scope: Scope
    instrument: InstrumentName
    spec: ReleaseSpec
    repeated: frozenset[str]

    def page(self, page: Sequence[PlannedItem[Key]]) -> Iterator[RatedItem]:
        """Yield the items of a page in their order. Prompt, split and place are the plan's."""
        keys = [planned.item_id for planned in page]
        texts = corpus.spoken(self.session, self.scope, keys)
        answers = self._answers(keys)
        for planned, text, (votes, harms, total, seconds) in zip(page, texts, answers, strict=True):
            _, prompt_key, split, place = planned
            yield RatedItem(
                self._name(text), prompt_key, split, text.prompt, text.completions, votes, harms,
                self.instrument.value, text.source, text.source_id, text.language,
                severity=text.severity, place=place, total=total, seconds=seconds,
            )  # fmt: skip

    def _answers(self, keys: Sequence[Key]) -> Iterator[Answers]:
        """Read the ratings added up, unless rows are written of them one by one."""
        if self.spec.of_pairs and self.instrument is InstrumentName.PREFERENCE:
            return released.totals(self.session, keys)
        return released.answers(self.session, keys)

    def _name(self, text: Spoken) -> str:
        """Return the researcher's own name of an item where it is unique, else one of ours."""
        if text.external_id and text.external_id not in self.repeated:
            return text.external_id
        return item_name(self.spec.key, text.key)


def _compare(
    session: Session,
    scope: Scope,
    project: Project,
    folder: Path,
    spec: ReleaseSpec,
    plan: ReleasePlan[Key],
    facts: CardFacts,
) -> None:
    """Build once more from the same snapshot and key; every file must have the same bytes."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".second-") as place:
        second = Path(place) / "release"
        _write(session, scope, project, second, spec, plan, facts)
        differing = [
            str(path.relative_to(second))
            for path in sorted(second.rglob("*"))
            if path.is_file() and not _same(path, folder / path.relative_to(second))
        ]
    if differing:
        shutil.rmtree(folder)
        raise NotReproducibleError(f"a second build differs in {', '.join(differing[:5])}")


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and _sha256(one) == _sha256(other)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _facts(session: Session, project: Project, found: RatingCounts) -> CardFacts:
    declared = project.declared
    rules = guidelines.of(session, project)
    lab = organisations.find(session, project.organisation_id)
    return CardFacts(
        title=declared.title,
        summary=declared.summary or declared.title,
        creator=lab.name if lab else project.slug,
        licence_name="declared by the releasing organisation",
        languages=(declared.language,),
        tags=(project.instrument.value,),
        instrument=project.instrument.value,
        guidelines=rules.markdown if rules else "",
        guidelines_version=str(rules.version) if rules else "",
        overlap=declared.overlap,
        labelers=found.labelers,
        imported_raters=found.imported,
        content_notice=declared.content_notice,
        first_day=found.first.date().isoformat() if found.first else "",
        last_day=found.last.date().isoformat() if found.last else "",
    )
