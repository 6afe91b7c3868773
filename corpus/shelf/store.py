"""Packages unpacked under the cache, each in a directory named by its file's hash.

A package directory is published by rename and holds `package.json` (version, hashes of every
file) beside `files/`. Reading a file checks it against its recorded hash; links are never followed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from corpus.sample import Licence, Origin
from corpus.shelf.apt import Apt, Candidate
from corpus.shelf.catalogue import CATALOGUE
from corpus.shelf.copyright import Copyright, parse
from corpus.shelf.unpack import unpack
from infra.errors import Corrupt, HostileInput, NotFound, Unavailable
from infra.files import exclusive, publish, sha256_bytes, sha256_file
from infra.limits import SOURCE_FILE_BYTES
from infra.progress import Progress

UNPACK_TIMES: Final = 3
"""A package's own word of how large it is counts blocks of disk; it is let be wrong, within a bound."""
NAME: Final = re.compile(r"[a-z0-9][a-z0-9+.-]+")
"""Debian's policy, 5.6.1."""
HINT: Final = "run `trawl corpus shelf`"


@dataclass(frozen=True, slots=True)
class ShelfFile:
    """A file of a package: its installed path, hash and size."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Package:
    """One package on the shelf."""

    name: str
    version: str
    deb_sha256: str
    directory: Path
    files: tuple[ShelfFile, ...]
    copyright: Copyright
    copyright_text: bytes = field(repr=False)
    links: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Symbolic links by their path, with the path inside the package that each names."""

    def under(self, prefix: str, suffixes: tuple[str, ...] = ("",)) -> Iterator[ShelfFile]:
        """The package's files below `prefix` with one of the suffixes, in order of their paths."""
        for file in self.files:
            if file.path.startswith(prefix) and file.path.endswith(suffixes):
                yield file

    def read(self, file: ShelfFile) -> bytes:
        """The file's bytes. Raises Corrupt where they are not what was unpacked."""
        if file.size_bytes > SOURCE_FILE_BYTES:
            raise HostileInput("a shelf file is larger than any we read", subject=file.path)
        path = self.directory / "files" / file.path
        try:
            data = path.read_bytes()
        except OSError as error:
            raise Corrupt(f"{path} cannot be read", f"delete {self.directory}; {HINT}") from error
        if sha256_bytes(data) != file.sha256:
            raise Corrupt(f"{path} was changed on disk", f"delete {self.directory}; {HINT}")
        return data

    def licence_of(self, file: ShelfFile) -> Licence:
        """What the package's copyright file says of this file."""
        item = CATALOGUE.get(self.name)
        return self.copyright.licence_of(item.source_path(file.path) if item else file.path)

    def origin(self, file: ShelfFile, declared: str = "") -> Origin:
        """The file as the origin of a sample; `declared` is what it says of its own licence."""
        known = self.licence_of(file)
        licence = Licence(known.form, known.name, known.text_sha256, declared)
        return Origin(self.name, self.version, file.path, file.sha256, licence)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The packages under one cache directory."""

    root: Path

    def find(self, name: str) -> Package:
        """The package of that name. Raises NotFound with the command that brings it."""
        places = sorted(self.root.glob(f"{name}-????????????/package.json"))
        if not places:
            raise NotFound(f"package {name!r} is not on the shelf", HINT, name)
        return _open(places[-1].parent, name)

    def bring(self, names: Iterable[str], progress: Progress) -> list[Package]:
        """Have every named package here, fetching only what is missing."""
        wanted = list(names)
        for name in wanted:
            if not NAME.fullmatch(name):
                raise NotFound.among("shelf package", name, CATALOGUE)
        packages = []
        with exclusive(self.root / ".lock", "the shelf"):
            apt = Apt(self.root.parent)
            for name in wanted:
                progress.say(name)
                packages.append(self._have(name, apt))
                progress.advance()
        return packages

    def _have(self, name: str, apt: Apt) -> Package:
        try:
            return self.find(name)
        except NotFound:
            candidate = apt.candidate(name)
        self._check_room(candidate)
        return self._unpack(candidate, apt)

    def _check_room(self, wanted: Candidate) -> None:
        need = wanted.size_bytes + wanted.unpacked_bytes
        free = shutil.disk_usage(self.root).free
        if free < need:
            raise Unavailable(
                f"{wanted.package} needs {need >> 20} MiB and {self.root} has {free >> 20} MiB free",
                "make room or set TRAWL_CACHE",
            )

    def _unpack(self, wanted: Candidate, apt: Apt) -> Package:
        temporary = self.root / f".{wanted.package}.tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        try:
            deb = apt.fetch(wanted, temporary)
            files = temporary / "files"
            links = unpack(deb, files, UNPACK_TIMES * wanted.unpacked_bytes)
            deb.unlink()
            self._share_copyright(wanted.package, files, links, apt)
            record = {
                "package": wanted.package,
                "version": wanted.version,
                "deb_sha256": wanted.sha256,
                "files": [[f.path, f.sha256, f.size_bytes] for f in _regular_files(files)],
                "links": links,
            }
            publish(temporary / "package.json", json.dumps(record, ensure_ascii=False).encode())
            final = self.root / f"{wanted.package}-{wanted.sha256[:12]}"
            shutil.rmtree(final, ignore_errors=True)
            temporary.rename(final)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return _open(final, wanted.package)

    def _share_copyright(self, name: str, files: Path, links: Mapping[str, str], apt: Apt) -> None:
        """Lay the copyright file where a link to another package's documents says it is.

        Debian's policy (12.5) lets packages of one source share them so.
        """
        pointed = links.get(f"usr/share/doc/{name}", "")
        other = pointed.removeprefix("usr/share/doc/")
        if pointed == other or not NAME.fullmatch(other) or other == name:
            return
        place = files / "usr/share/doc" / name / "copyright"
        if not place.exists() and self._is_known(other, apt):
            place.parent.mkdir(parents=True)
            place.write_bytes(self._have(other, apt).copyright_text)

    def _is_known(self, name: str, apt: Apt) -> bool:
        """Whether a package is here or in the archive; what fails later is no reason to say no."""
        try:
            self.find(name)
        except NotFound:
            try:
                apt.candidate(name)
            except Unavailable:
                return False
        return True


def _regular_files(root: Path) -> list[ShelfFile]:
    """Every regular file below `root`, sorted; links and odd names are left out."""
    found = []
    for directory, _, names in os.walk(root):
        for name in names:
            path = Path(directory) / name
            if path.is_symlink() or not path.is_file() or not str(path).isprintable():
                continue
            found.append(
                ShelfFile(path.relative_to(root).as_posix(), sha256_file(path), path.stat().st_size)
            )
    return sorted(found, key=lambda f: f.path)


def _open(directory: Path, name: str) -> Package:
    """A package from its record. Raises Corrupt where the record cannot be read."""
    hint = f"delete {directory}; {HINT}"
    try:
        record: dict[str, Any] = json.loads((directory / "package.json").read_bytes())
        files = tuple(ShelfFile(*row) for row in record["files"])
        version, deb_sha256 = str(record["version"]), str(record["deb_sha256"])
        links = {str(path): str(named) for path, named in record.get("links", {}).items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Corrupt(f"the record of {name} cannot be read", hint, name) from error
    where = f"usr/share/doc/{name}/copyright"
    stated = [f for f in files if f.path == where]
    if not stated:
        raise Corrupt(f"package {name} has no copyright file", hint, name)
    text = (directory / "files" / where).read_bytes()
    if sha256_bytes(text) != stated[0].sha256:
        raise Corrupt(f"the copyright file of {name} was changed on disk", hint, name)
    return Package(name, version, deb_sha256, directory, files, parse(text), text, links)
