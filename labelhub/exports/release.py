"""Writing a release: one pass over the rated items, a folder that appears whole."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from operator import itemgetter
from pathlib import Path

from labelhub.domain.release.absolute import label, responses
from labelhub.domain.release.errors import NothingToReleaseError, ReleaseOrderError
from labelhub.domain.release.facts import CardFacts
from labelhub.domain.release.figures import Figures
from labelhub.domain.release.ledger import Ledger
from labelhub.domain.release.manifest import FileEntry, Manifest
from labelhub.domain.release.names import order_key
from labelhub.domain.release.pairs import Drop, Preference, decide, pool
from labelhub.domain.release.rated import RatedItem
from labelhub.domain.release.spec import LABELERS_SHOWN_FROM, Format, ReleaseSpec, SpecError
from labelhub.domain.release.splits import SplitPlan
from labelhub.exports.columns import Table, trainer_table
from labelhub.exports.description.card import card
from labelhub.exports.description.croissant import croissant
from labelhub.exports.description.manifest import manifest_bytes, rules_of, totals_digest
from labelhub.exports.description.summary import Summary
from labelhub.exports.files import appearing, write_whole
from labelhub.exports.raw_columns import PROMPTS, RESPONSES, ratings_table
from labelhub.exports.raw_rows import RawRows, raw_prompt_id
from labelhub.exports.shards import TableFiles
from labelhub.exports.trainer_rows import PAIR_ROWS, PairRow, unpaired_row

FORMAT_VERSION = 1


def write_release(
    folder: Path,
    spec: ReleaseSpec,
    rows: Iterable[RatedItem],
    facts: CardFacts,
    splits: SplitPlan | None = None,
) -> Manifest:
    """Write a release into *folder*, which must not exist or be empty, and return its manifest.

    *rows* are needed in the order of `domain.release.plan.ReleasePlan`:

    - all items of one `prompt_key` stand together (within them any order will do), and
    - prompt keys come in ascending order of `names.order_key(spec.key, prompt_key)`.

    `prompt_key` is `names.prompt_key(item.prompt, spec.system)`: taken after the system prompt
    was kept, folded or dropped. All items of one prompt have one split. Item keys are unique.
    Every item has all its ratings, whatever their status; opt-outs are not ratings. *splits* is
    the plan's `split_plan`, of which card and manifest tell the groups.

    The same arguments give the same bytes. Memory is bounded by the largest prompt's items and
    one Parquet row group.

    Raises:
        ReleaseOrderError: the order is another, or a prompt is in two splits.
        SpecError: fewer labelers would be shown than may be.
        NothingToReleaseError: nothing is left to write.
        FileExistsError: the folder holds something.

    """
    with appearing(folder) as temporary:
        build = _Build(temporary, spec)
        try:
            for group in _prompts(rows, spec.key):
                build.add(group)
            return build.finish(facts, splits)
        except BaseException:
            build.abandon()
            raise


def _prompts(rows: Iterable[RatedItem], key: bytes) -> Iterator[list[RatedItem]]:
    """Yield the items of one prompt after another, each in the order of their keys."""
    group: list[RatedItem] = []
    place, name = b"", None
    for item in rows:
        if item.prompt_key != name:
            if group:
                yield group
            name, before = item.prompt_key, place
            place = item.place or order_key(key, name)
            if place <= before:
                raise ReleaseOrderError(f"{item.item_key}: prompt {name} is out of order")
            group = [item]
        else:
            if item.split is not group[0].split:
                raise ReleaseOrderError(f"{item.item_key}: prompt {name} is in two splits")
            group.append(item)
    if group:
        yield group


class _Build:
    """One release being written."""

    def __init__(self, root: Path, spec: ReleaseSpec) -> None:
        self._root, self._spec = root, spec
        self._ledger = Ledger(spec)
        self._pair_row = PAIR_ROWS.get(spec.format)
        self._decide = cache(partial(decide, spec=spec))  # few tallies differ
        self._figures = Figures()
        self._trainer: TableFiles | None = None
        if spec.format is not Format.RAW:
            self._trainer = self._open(trainer_table(spec.format))
        self._raw = RawRows(spec)
        tables = (ratings_table(spec), PROMPTS, RESPONSES) if spec.raw else ()
        self._raw_files = [self._open(table) for table in tables]

    def _open(self, table: Table) -> TableFiles:
        return TableFiles(self._root, table, self._spec.files_as, self._spec.shard_rows)

    def add(self, items: list[RatedItem]) -> None:
        """Add all items of one prompt."""
        if len(items) > 1:
            items.sort(key=lambda item: item.item_key)
        self._ledger.items += len(items)
        for item in items:
            self._ledger.judgments += self._figures.receive(item)
        if self._trainer is not None:
            if self._pair_row is not None:
                self._add_pairs(items, self._trainer, self._pair_row)
            else:
                self._add_responses(items, self._trainer)
        if self._raw_files:
            self._add_raw(items)

    def _add_pairs(self, items: list[RatedItem], files: TableFiles, to_row: PairRow) -> None:
        spec, ledger, figures = self._spec, self._ledger, self._figures
        pairs, refused = pool(items)
        for _, reason in refused:
            ledger.dropped[reason] += 1
        if len(pairs) > 1:
            pairs.sort(key=lambda pair: order_key(spec.key, pair.item.item_key))
        for pair in pairs:
            ledger.pooled += pair.pooled
            ledger.count_votes(pair.tally)
            figures.patterns[pair.tally.pattern()] += 1
            outcome = self._decide(pair.tally)
            if not isinstance(outcome, Preference):
                ledger.dropped[outcome] += 1
                continue
            row = to_row(pair, outcome, spec)
            if row is None:
                ledger.dropped[Drop.NOT_SAYABLE] += 1
                continue
            split = pair.item.split
            files.write(split, row)
            ledger.written[split] += 1
            figures.decided(pair, outcome)

    def _add_responses(self, items: list[RatedItem], files: TableFiles) -> None:
        spec, ledger = self._spec, self._ledger
        heard, empty = responses(items, spec)
        ledger.dropped[Drop.EMPTY_RESPONSE] += len(empty)
        for item in items:
            ledger.count_evidence(item)
        heard.sort(key=lambda one: order_key(spec.key, f"{one.item.item_key}/{one.side}"))
        for evidence in heard:
            ledger.pooled += evidence.pooled
            outcome = label(evidence, spec)
            if isinstance(outcome, Drop):
                ledger.dropped[outcome] += 1
                continue
            split = evidence.item.split
            files.write(split, unpaired_row(evidence, outcome, spec))
            ledger.written[split] += 1

    def _add_raw(self, items: list[RatedItem]) -> None:
        ratings_file, prompts_file, responses_file = self._raw_files
        split = items[0].split
        prompts: dict[str, RatedItem] = {}
        rows = []
        for item in items:
            prompt_id = raw_prompt_id(item, self._spec)
            prompts.setdefault(prompt_id, item)
            rows += self._raw.ratings(item, prompt_id)
            for row in self._raw.responses(item, prompt_id):
                responses_file.write(split, row)
        for prompt_id, item in prompts.items():
            prompts_file.write(split, self._raw.prompt(item, prompt_id))
        rows.sort(key=itemgetter(0))  # by the rating's name, so that no order tells who rated first
        for row in rows:
            ratings_file.write(split, row)
        if self._spec.format is Format.RAW:
            self._ledger.written[split] += len(rows)
            for item in items:
                self._ledger.count_evidence(item)

    def finish(self, facts: CardFacts, splits: SplitPlan | None) -> Manifest:
        """Close the data files, then write the card, the description and last the manifest."""
        spec = self._spec
        self._check_labelers()
        every = [self._trainer, *self._raw_files] if self._trainer else self._raw_files
        written = [(files.table, tuple(files.finish())) for files in every]
        counts = self._ledger.counts()
        if not sum(counts.written.values()):
            raise NothingToReleaseError(_why_nothing(counts.items, counts.dropped))
        summary = Summary(
            spec, facts, counts, self._figures, tuple(written), self._raw.scrubbed, splits
        )
        entries = [entry for _, files in written for entry in files]
        entries.append(write_whole(self._root, "README.md", card(summary).encode()))
        entries.append(write_whole(self._root, "croissant.json", croissant(summary)))
        manifest = self._manifest(summary, sorted(entries, key=lambda entry: entry.path))
        write_whole(self._root, "manifest.json", manifest_bytes(manifest))
        return manifest

    def _manifest(self, summary: Summary, entries: list[FileEntry]) -> Manifest:
        spec = self._spec
        return Manifest(
            release=spec.release,
            format=spec.format.value,
            format_version=FORMAT_VERSION,
            created_at=summary.created_at,
            rules=rules_of(summary),
            counts=summary.counts,
            files=tuple(entries),
            digest=totals_digest(entries),
        )

    def _check_labelers(self) -> None:
        shown = len(self._raw.labelers)
        if 0 < shown < LABELERS_SHOWN_FROM and self._spec.raw:
            raise SpecError(
                f"{shown} labelers would be shown; below {LABELERS_SHOWN_FROM} none may be, "
                "so the release must be asked for with their true number"
            )

    def abandon(self) -> None:
        for files in (self._trainer, *self._raw_files):
            if files is not None:
                files.abandon()


def _why_nothing(items: int, dropped: Mapping[str, int]) -> str:
    reasons = ", ".join(f"{reason} {times}" for reason, times in dropped.items())
    return f"nothing to write from {items} items" + (f" ({reasons})" if reasons else "")
