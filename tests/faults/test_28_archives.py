"""Fault 28: whatever an archive says, only its regular files arrive, inside, and bounded."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from corpus.shelf.store import _regular_files
from corpus.shelf.unpack import unpack
from infra.errors import Corrupt, HostileInput

MOST = 1 << 20
GOOD = ("usr/share/doc/a/copyright", b"Public domain.")


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", data: bytes = b"") -> object:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, len(data)
    info.mode = 0o6777
    info.devmajor, info.devminor = 1, 3
    return info, data


def deb(path: Path, members: list, *, cut: int = 0) -> Path:
    """A package of those members, `data.tar` as it comes."""
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    control = io.BytesIO()
    with tarfile.open(fileobj=control, mode="w") as archive:
        text = b"Package: a\nVersion: 1\nArchitecture: all\nMaintainer: b\nDescription: c\n"
        info = tarfile.TarInfo("control")
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text))
    parts = (
        ("debian-binary", b"2.0\n"),
        ("control.tar", control.getvalue()),
        ("data.tar", body.getvalue()[: len(body.getvalue()) - cut]),
    )
    with path.open("wb") as out:
        out.write(b"!<arch>\n")
        for name, data in parts:
            out.write(f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode())
            out.write(data + b"\n" * (len(data) % 2))
    return path


def arrived(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def taken(tmp_path: Path, *members: object) -> dict[str, bytes]:
    """What arrives of a package that also holds one good file; nothing appears beside it."""
    package = deb(tmp_path / "a.deb", [member(GOOD[0], data=GOOD[1]), *members])
    unpack(package, tmp_path / "out", MOST)
    assert {path.name for path in tmp_path.iterdir()} == {"a.deb", "out"}
    found = arrived(tmp_path / "out")
    assert found.pop(GOOD[0]) == GOOD[1]
    return found


@pytest.mark.parametrize(
    "odd",
    [
        member("../beside", data=b"x"),
        member("usr/../../beside", data=b"x"),
        member("/tmp/absolute", data=b"x"),
        member("a/\x1b[2J", data=b"x"),
        member("n" * 2000, data=b"x"),
        member("link", tarfile.SYMTYPE, "/etc/passwd"),
        member("hard", tarfile.LNKTYPE, "/etc/passwd"),
        member("hard", tarfile.LNKTYPE, "../../etc/passwd"),
        member("hard", tarfile.LNKTYPE, "usr/share/nothing"),
        member("device", tarfile.CHRTYPE),
        member("disk", tarfile.BLKTYPE),
        member("pipe", tarfile.FIFOTYPE),
        member("directory", tarfile.DIRTYPE),
        member(".", tarfile.DIRTYPE),
    ],
    ids=lambda pair: f"{pair[0].name[:20]} {pair[0].type!r}",
)
def test_what_is_no_regular_file_with_a_plain_name_does_not_arrive(
    tmp_path: Path, odd: object
) -> None:
    assert taken(tmp_path, odd) == {}


def test_a_file_behind_a_link_lands_inside_and_not_where_the_link_leads(tmp_path: Path) -> None:
    aim = tmp_path / "out" / "aim"
    found = taken(
        tmp_path,
        member("way", tarfile.SYMTYPE, str(aim)),
        member("way/file", data=b"x"),
    )
    assert found == {"way/file": b"x"}


def test_a_hard_link_to_a_kept_file_is_a_copy_of_it(tmp_path: Path) -> None:
    assert taken(tmp_path, member("./same", tarfile.LNKTYPE, f"./{GOOD[0]}")) == {"same": GOOD[1]}


def test_no_mode_of_the_archive_is_taken(tmp_path: Path) -> None:
    taken(tmp_path, member("program", data=b"x"))
    assert (tmp_path / "out" / "program").stat().st_mode & 0o7111 == 0


@pytest.mark.parametrize(
    "members",
    [
        [member("a", data=b"x"), member("a", data=b"y")],
        [member("a", data=b"x"), member("./a", data=b"y")],
        [member("a", data=b"x"), member("a/b", data=b"y")],
        [member("a/b", data=b"x"), member("a", data=b"y")],
        [member("bomb", data=bytes(MOST + 1))],
        [member(f"bomb{n}", data=bytes(MOST // 4)) for n in range(5)],
        [member("one", data=bytes(MOST // 2))]
        + [member(f"l{n}", tarfile.LNKTYPE, "one") for n in range(3)],
    ],
)
def test_a_name_said_twice_and_more_than_the_bound_are_refused(
    tmp_path: Path, members: list
) -> None:
    with pytest.raises(HostileInput):
        unpack(deb(tmp_path / "a.deb", members), tmp_path / "out", MOST)
    assert sum(len(data) for data in arrived(tmp_path / "out").values()) <= MOST


def test_names_that_differ_in_case_or_mean_something_elsewhere_are_files_of_their_own(
    tmp_path: Path,
) -> None:
    names = ("readme", "README", "CON", "nul.txt", "c:\\x", "a:")
    found = taken(tmp_path, *(member(name, data=name.encode()) for name in names))
    assert found == {name: name.encode() for name in names}
    assert len(_regular_files(tmp_path / "out")) == len(names) + 1


@pytest.mark.parametrize("cut", [1, 512, 9_000, 10_240])
def test_a_package_that_is_cut_short_is_corrupt(tmp_path: Path, cut: int) -> None:
    package = deb(tmp_path / "a.deb", [member("a", data=bytes(3000))])
    package.write_bytes(package.read_bytes()[:-cut])
    with pytest.raises(Corrupt):
        unpack(package, tmp_path / "out", MOST)


def test_what_is_no_package_is_corrupt(tmp_path: Path) -> None:
    (tmp_path / "a.deb").write_bytes(b"\x89PNG" * 99)
    with pytest.raises(Corrupt):
        unpack(tmp_path / "a.deb", tmp_path / "out", MOST)


def test_symbolic_links_are_told_of_as_paths_inside_the_package_and_never_made(
    tmp_path: Path,
) -> None:
    package = deb(
        tmp_path / "a.deb",
        [
            member(GOOD[0], data=GOOD[1]),
            member("usr/a/alias", tarfile.SYMTYPE, "../b/real"),
            member("usr/a/rooted", tarfile.SYMTYPE, "/usr/b/real"),
            member("usr/a/out", tarfile.SYMTYPE, "../../../etc/passwd"),
        ],
    )
    links = unpack(package, tmp_path / "out", MOST)
    assert links == {"usr/a/alias": "usr/b/real", "usr/a/rooted": "usr/b/real"}
    assert set(arrived(tmp_path / "out")) == {GOOD[0]}
