"""What a sample weighs: text tokens by a tokenizer that a wheel carries, image tokens by a tower.

Both work offline and depend only on their names, so that a build stays a function of its inputs.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

from corpus.recipe import Vision
from infra.errors import HostileInput, NotFound, Unavailable
from infra.files import sha256_file

TEXT_TOKENIZERS: Final[Mapping[str, str]] = {
    "tekken-240911": "tekken_240911.json",
    "tekken-240718": "tekken_240718.json",
}


class TextCounter(Protocol):
    """Counts the tokens of a text."""

    def count(self, text: str) -> int:
        """How many tokens `text` is."""
        ...


@dataclass(frozen=True, slots=True)
class Tower:
    """How a vision tower turns pixels into tokens: patches, merged squares, an upper bound."""

    patch_px: int
    merge: int
    max_patches: int

    def tokens(self, width: int, height: int) -> int:
        """Tokens of a picture: shrunk to the bound, then padded to whole merged squares.

        As the towers do it, padding comes last, so a shrunk picture may pass the bound by one row
        and one column of squares.
        """
        patches = (width // self.patch_px) * (height // self.patch_px)
        if patches > self.max_patches:
            scale = math.sqrt(self.max_patches / patches)
            width, height = int(width * scale), int(height * scale)
        cell = self.patch_px * self.merge
        return max(1, -(-width // cell)) * max(1, -(-height // cell))


TOWERS: Final[Mapping[str, Tower]] = {"moonvit": Tower(patch_px=14, merge=2, max_patches=4096)}


def tower(name: str | Vision) -> Tower:
    """The tower of that name or of those figures. Raises NotFound with the nearest."""
    if isinstance(name, Vision):
        return Tower(name.patch_px, name.merge, name.max_patches)
    if name not in TOWERS:
        raise NotFound.among("vision tower", name, TOWERS)
    return TOWERS[name]


@cache
def text_counter(name: str) -> TextCounter:
    """The tokenizer of that name, or in that file of transformers; loaded once.

    Raises NotFound, HostileInput for a file that is no tokenizer, Unavailable without a wheel's.
    """
    if name in TEXT_TOKENIZERS:
        return _Tekken(_wheel_file(TEXT_TOKENIZERS[name]))
    return _Transformers(_tokenizer_file(name))


def text_identity(name: str) -> str:
    """What stands for a tokenizer in hashes: its name, or the hash of its file."""
    return name if name in TEXT_TOKENIZERS else sha256_file(_tokenizer_file(name))


def _tokenizer_file(name: str) -> Path:
    """A `tokenizer.json`, named itself or by its directory. Raises NotFound."""
    path = Path(name) / "tokenizer.json" if Path(name).is_dir() else Path(name)
    if not path.is_file():
        raise NotFound.among("tokenizer", name, TEXT_TOKENIZERS, "or give a tokenizer.json")
    return path


def _wheel_file(name: str) -> Path:
    """A file of the mistral-common wheel, found without importing the package."""
    spec = find_spec("mistral_common")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(place) / "data" / name
        if path.is_file():
            return path
    raise Unavailable(
        f"the tokenizer file {name} is missing", "reinstall mistral-common of the lock file", name
    )


class _Tekken:
    """A byte-pair encoding read from a tekken JSON file."""

    def __init__(self, path: Path) -> None:
        from tiktoken import Encoding

        data = json.loads(path.read_text(encoding="utf-8"))
        config = data["config"]
        size = config["default_vocab_size"] - config["default_num_special_tokens"]
        ranks = {base64.b64decode(v["token_bytes"]): v["rank"] for v in data["vocab"][:size]}
        self._encoding = Encoding(
            path.stem, pat_str=config["pattern"], mergeable_ranks=ranks, special_tokens={}
        )

    def count(self, text: str) -> int:
        """How many tokens `text` is; text that looks like a special token is plain text."""
        return len(self._encoding.encode_ordinary(text))


class _Transformers:
    """Any tokenizer that transformers saves, read by the library that it runs on."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises Exception itself
            raise HostileInput(f"{path} is no tokenizer: {error}", "save it again") from error

    def count(self, text: str) -> int:
        """How many tokens `text` is, none added at its ends."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)
