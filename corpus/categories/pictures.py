"""Pictures that workers make of a package's files, made once and kept by the hash of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from corpus.cache import Pictures
from corpus.categories.base import Context
from corpus.sample import Picture
from corpus.shelf import Inputs, Package, ShelfFile
from infra import workers

FILE_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Maker:
    """A worker's function from `{"data", **settings}` to `{"data", "suffix", …}` or `{"reason"}`.

    `version` changes with what it makes of equal bytes.
    """

    target: str
    version: str
    settings: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What its results are kept by."""
        return ":".join((self.version, *(f"{k}={v}" for k, v in sorted(self.settings.items()))))


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one file: a picture and a hash of its pixels, or the reason why there is none."""

    reason: str = ""
    picture: Picture | None = None
    pixels: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What else the maker tells."""


def make_all(
    maker: Maker, package: Package, files: Iterable[ShelfFile], context: Context
) -> dict[str, Made]:
    """A picture of each file by the file's hash: kept ones first, workers for the rest."""
    results = context.results(maker.name)
    blobs = Pictures(context.cache / "corpus" / "pictures")
    wanted = list({file.sha256: file for file in files}.values())
    found = {file.sha256: _kept(results.get(file.sha256), blobs) for file in wanted}
    missing = [file for file in wanted if found[file.sha256] is None]
    if missing:
        context.progress.say(f"{package.name}: {len(missing)} of {len(wanted)} pictures are new")
    outcomes = workers.run(
        maker.target, Inputs(package, missing, **maker.settings),
        context.workers, FILE_S, context.progress,
    )  # fmt: skip
    for file, outcome in zip(missing, outcomes, strict=True):
        result = found[file.sha256] = _keep(outcome, blobs)
        if not outcome.failure:
            results.put(file.sha256, result)
    return {sha256: _made(result, blobs) for sha256, result in found.items() if result}


def _kept(result: dict[str, Any] | None, blobs: Pictures) -> dict[str, Any] | None:
    """A kept result, unless its picture is gone or changed."""
    if result and not result["reason"] and not blobs.is_whole(result["data"]):
        return None
    return result


def _keep(outcome: workers.Outcome, blobs: Pictures) -> dict[str, Any]:
    """A result with the hash of its bytes, which are put among the pictures."""
    if outcome.failure or "data" not in outcome.value:
        return {"reason": outcome.failure or outcome.value["reason"]}
    value = dict(outcome.value)
    return {**value, "data": blobs.put(value["data"]), "reason": ""}


def _made(result: dict[str, Any], blobs: Pictures) -> Made:
    if result["reason"]:
        return Made(result["reason"])
    rest = dict(result)
    del rest["reason"]
    sha256, width, height = (rest.pop(key) for key in ("data", "width", "height"))
    picture = Picture(sha256, width, height, rest.pop("suffix"), blobs.path(sha256))
    return Made("", picture, rest.pop("pixels"), rest)
