"""Files of a package as inputs for workers, each read only when it is handed out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

from corpus.shelf.store import Package, ShelfFile


class Inputs(Sequence[dict[str, Any]]):
    """`{"data", …}` for each file, `path` where it is asked for, and values that all share."""

    def __init__(
        self, package: Package, files: Sequence[ShelfFile], *, named: bool = False, **same: Any
    ) -> None:
        self._package = package
        self._files = files
        self._named = named
        self._same = same

    def __len__(self) -> int:
        return len(self._files)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[dict[str, Any]]: ...

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [self._input(file) for file in self._files[index]]
        return self._input(self._files[index])

    def _input(self, file: ShelfFile) -> dict[str, Any]:
        name = {"path": file.path} if self._named else {}
        return {**name, "data": self._package.read(file), **self._same}
