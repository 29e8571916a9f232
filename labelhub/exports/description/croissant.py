"""croissant.json: the release for machines (Croissant 1.1 with the responsible-AI vocabulary)."""

from typing import Any

import orjson

from labelhub import __version__
from labelhub.domain.release.facts import CardFacts
from labelhub.domain.release.manifest import FileEntry
from labelhub.domain.release.rated import Split
from labelhub.domain.release.spec import FileType
from labelhub.exports.columns import STRUCTS, Column, Kind, Table
from labelhub.exports.description.summary import Summary

_VOCABULARY = (
    *("annotation", "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty"),
    *("excludes", "extract", "field", "fileObject", "fileProperty", "fileSet", "format"),
    *("includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path"),
    *("readLines", "recordSet", "references", "regex", "repeated", "replace", "samplingRate"),
    *("sdVersion", "separator", "source", "subField", "transform", "unArchive", "value"),
)

# Written out in full (Appendix 1 of the specification): a link to it cannot be read off-line. The
# appendix prints schema.org with http; its reference reader knows only https.
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{name: f"cr:{name}" for name in _VOCABULARY},
}
_MIME = {FileType.PARQUET: "application/x-parquet", FileType.JSONL: "application/jsonlines"}
_TYPES = {
    "string": "sc:Text",
    "bool": "sc:Boolean",
    "float64": "sc:Float",
    Kind.LONG_TEXT: "sc:Text",
    Kind.DAY: "sc:DateTime",
    Kind.STRINGS: "sc:Text",
    Kind.RANKING: "sc:Text",
}
_SPLIT_URLS = {
    Split.TRAIN: "cr:TrainingSplit",
    Split.VALIDATION: "cr:ValidationSplit",
    Split.TEST: "cr:TestSplit",
}
_LICENCES = {
    "apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
    "cc-by-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "cc-by-nc-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "cc-by-sa-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "mit": "https://opensource.org/licenses/MIT",
    "odc-by": "https://opendatacommons.org/licenses/by/1-0/",
}
# What a work without a licence permits.
_NO_LICENCE = "https://choosealicense.com/no-permission/"


def licence_url(facts: CardFacts) -> str:
    return facts.licence_url or _LICENCES.get(facts.licence, _NO_LICENCE)


def croissant(summary: Summary) -> bytes:
    """Return croissant.json. Every required property of the specification is there."""
    facts, spec = summary.facts, summary.spec
    description: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [
            "http://mlcommons.org/croissant/1.1",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "name": spec.release,
        "description": facts.summary or facts.title,
        "license": licence_url(facts),
        "url": facts.url or f"urn:labelhub:release:{spec.release}",
        "creator": {"@type": "sc:Organization", "name": facts.creator},
        "datePublished": summary.created_at,
        "dateCreated": summary.created_at,
        "version": spec.version,
        "citeAs": summary.citation,
        "isLiveDataset": False,
        "keywords": list(dict.fromkeys(["preference", "human feedback", *facts.tags])),
    }
    description |= {"inLanguage": list(facts.languages)} if facts.languages else {}
    description |= _responsible(summary)
    description["distribution"] = _distribution(summary)
    description["recordSet"] = [
        _splits(),
        *[_records(table, spec.files_as) for table, _ in summary.tables],
    ]
    return orjson.dumps(description, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _responsible(summary: Summary) -> dict[str, Any]:
    facts, counts = summary.facts, summary.counts
    votes = summary.figures.votes_per_item
    properties: dict[str, Any] = {
        "rai:dataAnnotationPlatform": [f"LabelHub {__version__}"],
        "rai:dataAnnotationProtocol": [t for t in (facts.instrument, facts.guidelines) if t],
        "rai:annotationsPerItem": f"{min(votes)} to {max(votes)}" if votes else "",
        "rai:dataCollectionMissingData": ", ".join(
            f"{times} {counts.unit} not written: {reason}"
            for reason, times in counts.dropped.items()
        ),
        "rai:dataPreprocessingProtocol": [
            f"aggregation of {counts.judgments_used} of {counts.judgments} ratings"
        ],
        "rai:dataCollectionTimeframe": [day for day in (facts.first_day, facts.last_day) if day],
        "rai:dataCollection": facts.sources,
        "rai:annotatorDemographics": facts.annotator_notes,
        "rai:personalSensitiveInformation": facts.sensitive,
        "rai:dataLimitations": facts.limitations,
        "rai:dataUseCases": facts.purpose,
        "rai:dataReleaseMaintenancePlan": facts.maintenance,
    }
    agreement = summary.figures.agreement()
    if agreement is not None:
        text = f"Krippendorff's alpha {agreement.value:.3f}"
        properties["rai:dataAnnotationAnalysis"] = [
            f"{text} (95 % interval {agreement.low:.3f} to {agreement.high:.3f})"
        ]
    return {name: value for name, value in properties.items() if value}


def _distribution(summary: Summary) -> list[dict[str, Any]]:
    mime = _MIME[summary.spec.files_as]
    found: list[dict[str, Any]] = []
    for table, files in summary.tables:
        found.append(
            {
                "@type": "cr:FileSet",
                "@id": _set_id(table),
                "name": _set_id(table),
                "encodingFormat": mime,
                "includes": f"{table.folder}/*.{summary.spec.files_as}",
            }
        )
        found += [_file(entry, mime) for entry in files]
    return found


def _set_id(table: Table) -> str:
    return f"{table.name}-files"


def _file(entry: FileEntry, mime: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": entry.path,
        "name": entry.path,
        "contentUrl": entry.path,
        "contentSize": f"{entry.size} B",
        "encodingFormat": mime,
        "sha256": entry.sha256,
    }


def _splits() -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [
            {"@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"},
            {"@type": "cr:Field", "@id": "splits/url", "name": "url", "dataType": "sc:URL"},
        ],
        "data": [
            {"splits/name": split.value, "splits/url": url} for split, url in _SPLIT_URLS.items()
        ],
    }


def _records(table: Table, file_type: FileType) -> dict[str, Any]:
    fields = [_field(table, column) for column in table.columns]
    if "split" not in table.names:
        fields.append(_split_field(table, file_type))
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.meaning,
        "field": fields,
    }


def _split_field(table: Table, file_type: FileType) -> dict[str, Any]:
    # mlcroissant anchors the pattern at the start, and asks again of what it found the first time.
    pattern = f"(?:.*/)?({'|'.join(Split)})(?:-\\d+-of-\\d+\\.{file_type})?$"
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/split",
        "name": "split",
        "dataType": "sc:Text",
        "references": {"field": {"@id": "splits/name"}},
        "source": {
            "fileSet": {"@id": _set_id(table)},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": pattern},
        },
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    identity = f"{table.name}/{column.name}"
    source = {"fileSet": {"@id": _set_id(table)}, "extract": {"column": column.name}}
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": identity,
        "name": column.name,
        "description": column.meaning,
    }
    if column.kind in STRUCTS:
        field["isArray"] = True
        field["subField"] = [
            {
                "@type": "cr:Field",
                "@id": f"{identity}/{name}",
                "name": name,
                "dataType": _TYPES.get(scalar, "sc:Integer"),
                "source": {**source, "transform": {"jsonPath": name}},
            }
            for name, scalar in STRUCTS[column.kind]
        ]
        return field
    if column.kind is Kind.STRINGS:
        field |= {"isArray": True, "arrayShape": "-1"}
    if column.kind is Kind.RANKING:
        field |= {"isArray": True, "arrayShape": "-1,-1"}
    field["dataType"] = _TYPES.get(column.kind, "sc:Integer")
    field["source"] = source
    return field
