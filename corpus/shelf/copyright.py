"""A package's copyright file: machine-readable (DEP-5) with a licence per file, or free text.

Of free text only the hash is taken; no licence name is guessed from it.
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from typing import Final

from corpus.sample import Licence
from infra.files import sha256_bytes

HEADER: Final = re.compile(
    r"^Format(?:-Specification)?:\s*\S*(?:copyright-format|dep/deps?5)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Stanza:
    """One `Files:` paragraph: its globs and the short name of its licence."""

    globs: tuple[str, ...]
    licence: str


@dataclass(frozen=True, slots=True)
class Copyright:
    """What a copyright file says, with the hash of its whole text."""

    text_sha256: str
    stanzas: tuple[Stanza, ...]

    def licence_of(self, source_path: str) -> Licence:
        """The licence of a file: of the last paragraph that matches it, as the format orders."""
        name = None
        for stanza in self.stanzas:
            if any(_matches(glob, source_path) for glob in stanza.globs):
                name = stanza.licence
        form = "dep5" if name else "text"
        return Licence(form, name, self.text_sha256)


def parse(data: bytes) -> Copyright:
    """Read a copyright file; anything that is not DEP-5 is free text."""
    text = data.decode("utf-8", "replace")
    if not HEADER.match(text):
        return Copyright(sha256_bytes(data), ())
    stanzas = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
        fields = _fields(block)
        name = fields.get("license", "").split("\n", 1)[0].strip()
        globs = tuple(fields.get("files", "").split())
        if globs and name:
            stanzas.append(Stanza(globs, name))
    return Copyright(sha256_bytes(data), tuple(stanzas))


def _fields(block: str) -> dict[str, str]:
    """The fields of one paragraph, lower-case names, continuation lines joined by newlines."""
    fields: dict[str, str] = {}
    name = ""
    for line in block.split("\n"):
        if line[:1] in {" ", "\t"}:
            if name:
                fields[name] += "\n" + line.strip()
        elif ":" in line and not line.startswith("#"):
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def _matches(glob: str, path: str) -> bool:
    """DEP-5 globs: `*` and `?` also match slashes, and there are no character classes."""
    return fnmatch.fnmatchcase(path, glob.replace("[", "[[]"))
