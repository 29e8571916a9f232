"""manifest.json: what was asked, what went in and out, and the hash of every file."""

from collections.abc import Iterable
from dataclasses import asdict
from hashlib import sha256
from typing import Any

import orjson

from labelhub.domain.release.manifest import FileEntry, Manifest
from labelhub.domain.release.rated import Split
from labelhub.domain.release.spec import Format
from labelhub.domain.release.splits import SplitPlan
from labelhub.exports.description.summary import Summary


def rules_of(summary: Summary) -> dict[str, object]:
    """Return the rules as they were applied, the format's own choices filled in."""
    spec = summary.spec
    rules: dict[str, object] = {
        "aggregation": "none" if spec.format is Format.RAW else "majority",
        "min_votes": spec.rules.min_votes,
        "min_agreement": spec.rules.min_agreement,
        "pairs": "all",
        "ties": spec.ties.value,
        "both_bad": spec.both_bad.value,
        "system": spec.system.value,
        "split": _split(summary),
        "file_type": spec.files_as.value,
        "raw": spec.raw,
    }
    if spec.format is Format.REWARD_MARGIN:
        rules["margin_scale"] = spec.rules.margin_scale
    if spec.format is Format.TRL_UNPAIRED:
        rules["unpaired_from_pairs"] = spec.rules.unpaired_from_pairs
        rules["harm_threshold"] = spec.rules.harm_threshold
    if spec.raw:
        rules["labelers_shown"] = spec.labelers_shown
        rules["rationales"] = spec.rationales
        rules["scrubbed"] = dict(sorted(summary.scrubbed.items()))
    return rules


def _split(summary: Summary) -> dict[str, object]:
    rules: dict[str, object] = asdict(summary.spec.rules.split)
    if summary.splits is not None:
        rules["groups"] = {split.value: number for split, number in _groups(summary.splits)}
        rules["merged_into_train"] = list(summary.splits.merged)
    return rules


def _groups(splits: SplitPlan) -> list[tuple[Split, int]]:
    return [(split, splits.groups[split]) for split in Split if split in splits.groups]


def totals_digest(entries: Iterable[FileEntry]) -> str:
    """Return one hash over the paths and hashes of all files: the content's name."""
    lines = sorted(f"{entry.sha256}  {entry.path}\n" for entry in entries)
    return sha256("".join(lines).encode()).hexdigest()


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return manifest.json, whose keys are those of export-formats.md, section 2."""
    counts = manifest.counts
    content: dict[str, Any] = {
        "release": manifest.release,
        "format": manifest.format,
        "format_version": manifest.format_version,
        "created_at": manifest.created_at,
        "rules": manifest.rules,
        "counts": {
            "judgments": counts.judgments,
            "judgments_used": counts.judgments_used,
            "items": counts.items,
            "pooled": counts.pooled,
            counts.unit: counts.units,
            "written": counts.written,
            "dropped": counts.dropped,
        },
        "files": [
            {"path": e.path, "rows": e.rows, "bytes": e.size, "sha256": e.sha256}
            for e in manifest.files
        ],
        "digest": manifest.digest,
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
