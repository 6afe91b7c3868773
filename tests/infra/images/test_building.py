"""What decides an image's name, what a build asks of the host, and what a killed one leaves."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from infra import images
from infra.errors import NotFound, TrawlError, Unavailable
from infra.files import exclusive
from infra.images import archive, building, namespace
from infra.images.recipes import DEBIAN_12, UBUNTU_24_04, recipes


def tree(root: Path, **files: str) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_the_name_follows_every_byte_of_the_payload(tmp_path: Path) -> None:
    one = tree(tmp_path / "one", agent="a")
    same = tree(tmp_path / "same", agent="a")
    other = tree(tmp_path / "other", agent="b")
    assert building.fingerprint(DEBIAN_12, one) == building.fingerprint(DEBIAN_12, same)
    assert building.fingerprint(DEBIAN_12, one) != building.fingerprint(DEBIAN_12, other)


def test_the_name_follows_a_mode_and_a_link(tmp_path: Path) -> None:
    root = tree(tmp_path / "tree", session="x")
    before = building.fingerprint(DEBIAN_12, root)
    (root / "session").chmod(0o755)
    runs = building.fingerprint(DEBIAN_12, root)
    (root / "link").symlink_to("session")
    assert len({before, runs, building.fingerprint(DEBIAN_12, root)}) == 3


def test_the_name_follows_the_recipe() -> None:
    fewer = replace(DEBIAN_12, packages=DEBIAN_12.packages[1:])
    assert building.fingerprint(DEBIAN_12, None) != building.fingerprint(fewer, None)


def test_an_unknown_recipe_offers_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"ubuntu-24\.04"):
        images.build("ubuntu-24.4", tmp_path)


def test_too_little_disk_is_said_before_starting(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="GiB free"):
        building.check_host(tmp_path, floor_bytes=1 << 60)


@pytest.mark.parametrize("recipe", recipes(), ids=lambda r: r.name)
def test_a_recipe_has_what_a_driven_desktop_needs(recipe: images.Recipe) -> None:
    needed = {"at-spi2-core", "python3-msgpack", "python3-xlib", "xserver-xorg-core", "systemd"}
    assert needed <= set(recipe.packages)
    assert len(set(recipe.packages)) == len(recipe.packages)
    assert "root=/dev/vda" in recipe.cmdline


def test_the_key_of_an_archive_the_host_does_not_know_is_pinned() -> None:
    assert archive.keyring(UBUNTU_24_04).is_file()
    with pytest.raises(Unavailable, match="no archive key"):
        archive.keyring(replace(UBUNTU_24_04, keyring="nobody.asc"))


def test_the_sources_of_a_release_the_host_does_not_run_are_the_recipes() -> None:
    strange = replace(UBUNTU_24_04, suite="trawl-no-such-suite")
    lines = archive.sources(strange, Path("/key.asc"))
    mirror = "http://archive.ubuntu.com/ubuntu"
    assert lines[0] == f"deb [signed-by=/key.asc] {mirror} trawl-no-such-suite main universe"
    assert len(lines) == 3


def test_an_archive_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    line = "deb [signed-by=/k] http://127.0.0.1:1/debian bookworm main"
    with pytest.raises(Unavailable, match="does not answer"):
        archive.check_answers(line, tmp_path)


def test_what_the_namespaces_root_wrote_is_removed_with_the_build(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    tmp_path.chmod(0o711)
    for parent in tmp_path.parents:
        if parent.stat().st_uid == tmp_path.stat().st_uid:
            parent.chmod(0o711)
    shared.chmod(0o777)
    namespace.run("mkdir", "-p", "-m", "0700", str(shared / "root" / "etc"))
    with pytest.raises(PermissionError):
        list((shared / "root" / "etc").iterdir())
    namespace.remove(tmp_path)
    assert not shared.exists()


def test_a_program_that_fails_in_the_namespace_says_why() -> None:
    with pytest.raises(TrawlError, match="No such file"):
        namespace.run("ls", "/no/such/file")


def test_a_killed_builds_place_goes_and_a_living_ones_stays() -> None:
    prefix = "trawl-image-test-clear-"
    dead, living = (Path(tempfile.mkdtemp(prefix=prefix)) for _ in range(2))
    with exclusive(living / building.LOCK, "a build"):
        building._clear(dead)
        building._clear(living)
        assert not dead.exists()
        assert living.exists()
    shutil.rmtree(living)


def test_what_cannot_be_removed_hinders_no_other_build(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = Path(tempfile.mkdtemp(prefix="trawl-image-test-clear-"))
    (stuck / "shared").mkdir()
    (stuck / "shared").chmod(0o777)
    monkeypatch.setenv("PATH", "/nowhere")  # what would enter the namespace is not found
    building._clear(stuck)
    shutil.rmtree(stuck)
