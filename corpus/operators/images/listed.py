"""Pictures that a mixture must not hold: those of evaluation sets, listed by directories.

Every file below a directory counts, but for notes in text; one that cannot be read as a picture is
refused, since nobody could promise that it is not in the mixture.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from corpus.cache import Pictures, Results
from corpus.operators.images.admit import VERSION
from infra import workers
from infra.errors import NotFound, UsageError
from infra.files import sha256_file

NOTES: Final = (".txt", ".md", ".json", ".jsonl", ".csv", ".tsv", ".yaml", ".yml")
FILE_S: Final = 20.0


def files(directories: Sequence[str]) -> dict[Path, str]:
    """The listed files in order, with their hashes. Raises NotFound, UsageError where there is none."""
    found: dict[Path, str] = {}
    for name in directories:
        root = Path(name).expanduser()
        if not root.is_dir():
            raise NotFound(f"no directory of evaluation pictures at {name}", "", name)
        paths = [p for p in sorted(root.rglob("*")) if p.is_file()]
        pictures = [p for p in paths if p.suffix.lower() not in NOTES]
        if not pictures:
            raise UsageError(f"{name} holds no picture", "is it the evaluation set?", name)
        found |= {path: sha256_file(path) for path in pictures}
    return found


def pictures(
    listed: dict[Path, str], blobs: Pictures, results: Results, at_once: int, counts: workers.Counts
) -> dict[str, str]:
    """Each listed picture among `blobs`, by its hash there, with its file's name.

    Raises UsageError for a file that is no picture that is read.
    """
    made: dict[str, str] = {}
    missing = [path for path, sha256 in listed.items() if not _kept(results, blobs, sha256)]
    outcomes = workers.run(
        "corpus.operators.images.admit:answer", _Tasks(missing), at_once, FILE_S, counts
    )
    for path, outcome in zip(missing, outcomes, strict=True):
        reason = outcome.failure or outcome.value.get("reason", "")
        if reason:
            hint = "convert it to JPEG or PNG, or take it out"
            raise UsageError(f"{path} cannot be read as a picture: {reason}", hint, str(path))
        results.put(listed[path], blobs.put(outcome.value["data"]))
    for path, sha256 in listed.items():
        made.setdefault(str(results.get(sha256)), str(path))
    return made


class _Tasks(list[Any]):
    """Worker inputs that read their file only when they are handed out."""

    def __getitem__(self, index: Any) -> Any:
        return {"data": super().__getitem__(index).read_bytes(), "least_px": 1}


def _kept(results: Results, blobs: Pictures, sha256: str) -> bool:
    kept = results.get(sha256)
    return isinstance(kept, str) and blobs.is_whole(kept)


FUNCTION: Final = f"listed:{VERSION}"
