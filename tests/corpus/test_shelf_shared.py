"""A package whose documents are a link to another's takes its licence from there."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from corpus.shelf import Shelf
from corpus.shelf.apt import Apt, Candidate
from infra.errors import Corrupt, Unavailable
from infra.files import sha256_file
from infra.progress import Silent
from tests.corpus import made

LICENCE = b"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GFDL-1.2+\n"


class Archive(Apt):
    """An archive of packages that are built here."""

    def candidate(self, package: str) -> Candidate:
        deb = self.cache / f"{package}.deb"
        if not deb.exists():
            raise Unavailable(f"apt knows no package {package}")
        return Candidate(package, "1", sha256_file(deb), deb.stat().st_size, 1 << 20)

    def fetch(self, wanted: Candidate, directory: Path) -> Path:
        directory.mkdir(parents=True, exist_ok=True)
        deb = directory / "x.deb"
        os.link(self.cache / f"{wanted.package}.deb", deb)
        return deb


def build(cache: Path, name: str, link: str) -> None:
    root = cache / name
    (root / "DEBIAN").mkdir(parents=True)
    (root / "DEBIAN" / "control").write_text(
        f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: a\n"
    )
    page = root / "usr/share/gimp/2.0/help/en/a.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>a</p>")
    (root / "usr/share/doc").mkdir(parents=True)
    (root / "usr/share/doc" / name).symlink_to(link)
    subprocess.run(
        ["dpkg-deb", "-b", str(root), str(cache / f"{name}.deb")], check=True, capture_output=True
    )


def bring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: str) -> Shelf:
    build(tmp_path, "gimp-help-en", link)
    shelf = Shelf(tmp_path / "shelf")
    made.write_package(shelf.root, "gimp-help-common", {}, LICENCE)
    monkeypatch.setattr("corpus.shelf.store.Apt", Archive)
    shelf.bring(["gimp-help-en"], Silent())
    return shelf


def test_the_licence_is_found_where_the_link_leads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = bring(tmp_path, monkeypatch, "gimp-help-common").find("gimp-help-en")
    page = next(package.under("usr/share/gimp"))
    assert package.licence_of(page).name == "GFDL-1.2+"
    assert package.copyright_text == LICENCE


@pytest.mark.parametrize("link", ["../../../etc", "/etc", "elsewhere", "gimp-help-en"])
def test_a_link_to_anything_else_gives_no_licence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: str
) -> None:
    with pytest.raises(Corrupt, match="has no copyright file"):
        bring(tmp_path, monkeypatch, link)
