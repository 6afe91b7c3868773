"""A package's regular files, taken member by member; nothing in an archive decides where we write.

`dpkg-deb` only inflates: its tar stream is read here, and of it regular files with plain relative
names are kept, up to a number of bytes and of files. Hard links that name a kept file are copied;
symbolic links are only told of; devices, directories and odd names are left out.
"""

from __future__ import annotations

import errno
import posixpath
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final

from infra.errors import Corrupt, HostileInput
from infra.files import CHUNK_BYTES

MOST_FILES: Final = 200_000
NAME_BYTES: Final = 1_000
END_S: Final = 60.0
NO_NAME: Final = frozenset({errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG})


def unpack(deb: Path, target: Path, most_bytes: int) -> dict[str, str]:
    """The regular files of `deb` under `target`, a new directory; returns its symbolic links.

    Raises HostileInput beyond `most_bytes` or for a name that is there twice, Corrupt for what is
    no package.
    """
    target.mkdir(parents=True)
    with subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(deb)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as inflating:
        assert inflating.stdout is not None
        try:
            links = _take(inflating.stdout, target, most_bytes)
        except (tarfile.TarError, EOFError, ValueError) as error:
            inflating.kill()
            raise Corrupt(f"{deb.name} is no package", "fetch it again", deb.name) from error
        except BaseException:
            inflating.kill()
            raise
        if inflating.wait(END_S) > 0:
            raise Corrupt(f"{deb.name} is no package", "fetch it again", deb.name)
    return links


def _take(stream: IO[bytes], target: Path, most_bytes: int) -> dict[str, str]:
    left = most_bytes
    links: dict[str, str] = {}
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for count, (name, member) in enumerate(_plain(archive), 1):
            if member.issym():
                links[name] = _pointed(name, member.linkname)
                if count > MOST_FILES:
                    raise HostileInput(f"it holds more than {MOST_FILES} files", subject=name)
                continue
            linked = _linked(target, member) if member.islnk() else None
            if member.islnk() and linked is None:
                continue
            source = linked.open("rb") if linked else archive.extractfile(member)
            assert source is not None  # a regular file's
            with source:
                left -= linked.stat().st_size if linked else member.size
                if left < 0 or count > MOST_FILES:
                    raise HostileInput(f"it unpacks to more than {most_bytes} bytes", subject=name)
                _write(target / name, source)
        while stream.read(CHUNK_BYTES):  # what follows the archive's end, so that nobody waits
            continue
    return {name: pointed for name, pointed in links.items() if pointed}


def _pointed(name: str, said: str) -> str:
    """The path inside the package that a symbolic link names; empty where it is none."""
    if said.startswith("/"):
        return _name(said.lstrip("/"))
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), said))
    return _name(path)


def _plain(archive: tarfile.TarFile) -> Iterator[tuple[str, tarfile.TarInfo]]:
    """The members to keep, with the names they get."""
    for member in archive:
        name = _name(member.name)
        if name and (member.isreg() or member.islnk() or member.issym()):
            yield name, member


def _name(said: str) -> str:
    """A member's name as a relative path of plain parts; empty where it is none."""
    parts = PurePosixPath(said).parts
    plain = "/".join(part for part in parts if part != ".")
    odd = said.startswith("/") or ".." in parts or not plain.isprintable()
    return "" if odd or len(plain.encode("utf-8", "replace")) > NAME_BYTES else plain


def _linked(target: Path, member: tarfile.TarInfo) -> Path | None:
    """The kept file that a hard link names, None where it names none."""
    name = _name(member.linkname)
    path = target / name
    return path if name and path.is_file() else None


def _write(path: Path, source: IO[bytes]) -> None:
    """A new file. Raises HostileInput for a name that cannot be one or is taken."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as out:
            shutil.copyfileobj(source, out, CHUNK_BYTES)
    except OSError as error:
        if error.errno not in NO_NAME:
            raise
        raise HostileInput(f"a name cannot be used: {error.strerror}", subject=path.name) from error
