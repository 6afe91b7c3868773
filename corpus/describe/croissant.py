"""`croissant.json`: the corpus in the vocabulary of ML Commons (https://docs.mlcommons.org/croissant/docs/croissant-spec.html).

Its files with sizes and hashes, the fields of a message line, licences and how to cite it. Nothing
of the time is in it, so it has no date of publication: who publishes a corpus adds that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from corpus.shards.chat import MESSAGES
from corpus.shards.file import Written

NAME: Final = "croissant.json"
TEXTS: Final = ("id", "category", "source", "kind", "language")
COUNTS: Final = ("text_tokens", "image_tokens", "sequence")
CONTEXT: Final[dict[str, Any]] = {
    "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "equivalentProperty": "cr:equivalentProperty", "samplingRate": "cr:samplingRate",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex",
    "repeated": "cr:repeated", "replace": "cr:replace", "separator": "cr:separator",
    "source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip


def record(name: str, stats: Mapping[str, Any], written: Iterable[Written]) -> dict[str, Any]:
    """The JSON-LD of a corpus of that name."""
    files = [file for file in written if file.path == MESSAGES or file.path.endswith(".tar")]
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": name,
        "description": _description(stats),
        "version": "1.0.0",
        "license": list(stats["by_licence"]) or ["none"],
        "inLanguage": list(stats["by_language"]),
        "citeAs": _citation(name, files),
        "isLiveDataset": False,
        "distribution": [_file(file) for file in files],
        "recordSet": [
            {
                "@type": "cr:RecordSet", "@id": "messages", "name": "messages",
                "description": "One sample a line, in the order of training.",
                "key": {"@id": "messages/id"},
                "field": [
                    *(_field(column, "sc:Text") for column in TEXTS),
                    *(_turns(part) for part in ("role", "content")),
                    {**_field("images", "sc:Text"), "repeated": True},
                    *(_field(column, "sc:Integer") for column in COUNTS),
                ],
            }
        ],
    }  # fmt: skip


def _description(stats: Mapping[str, Any]) -> str:
    categories = ", ".join(stats["by_category"])
    return (
        f"A mixture of {stats['samples']} samples ({categories}): {stats['text_tokens']} tokens of text "
        f"and {stats['image_tokens']} of {stats['pictures']} pictures. Where each sample comes from, "
        "under which licence, and what was done to it is in ledger.jsonl."
    )


def _citation(name: str, files: Iterable[Written]) -> str:
    """BibTeX; the hash of the messages says which build is meant."""
    sha256 = next((file.sha256 for file in files if file.path == MESSAGES), "")
    note = f"messages.jsonl has the SHA-256 {sha256}"
    return (
        f"@misc{{{name}, title = {{{name}}}, howpublished = {{Made by Trawl}}, note = {{{note}}}}}"
    )


def _file(file: Written) -> dict[str, Any]:
    is_tar = file.path.endswith(".tar")
    return {
        "@type": "cr:FileObject", "@id": file.path, "name": file.path, "contentUrl": file.path,
        "contentSize": f"{file.size_bytes} B", "sha256": file.sha256,
        "encodingFormat": "application/x-tar" if is_tar else "application/jsonlines",
    }  # fmt: skip


def _field(column: str, kind: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field", "@id": f"messages/{column}", "name": column, "dataType": kind,
        "source": {"fileObject": {"@id": MESSAGES}, "extract": {"column": column}},
    }  # fmt: skip


def _turns(part: str) -> dict[str, Any]:
    """That part of every message, in order."""
    field = _field("messages", "sc:Text")
    field["source"]["transform"] = {"jsonPath": f"$.{part}"}
    return {**field, "@id": f"messages/{part}s", "name": f"{part}s", "repeated": True}
