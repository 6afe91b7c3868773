"""Icons reach the mixture: trees with licences go in, conversations with one answer come out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from corpus.shelf import Shelf
from corpus.shelf.icons import image_tree, package_tree
from grounding.icons.build import build, directory
from infra.errors import NotFound
from infra.progress import Silent
from tests.corpus import made
from tests.grounding.icons.made import DISC, FRAME, INDEX, PLUS, WAVES, WEDGE, svg

STATED = b"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: CC0-1.0\n"
ROOT = "usr/share/icons/plain"
NAMES = {
    "document-save": WEDGE,
    "printer": FRAME,
    "audio-card": DISC,
    "input-mouse": WAVES,
    "list-add": PLUS,
}
RECIPE = """
name: icons
budget_tokens: 100000
categories: {agent: {weight: 1}}
sources:
  captions: {category: agent, reader: icon_captions}
  choices: {category: agent, reader: icon_choices}
"""


def shelf(cache: Path) -> Shelf:
    files = {f"{ROOT}/scalable/actions/{n}.svg": svg(shape) for n, shape in NAMES.items()}
    made.write_package(
        cache / "shelf",
        "plain-icons",
        {f"{ROOT}/index.theme": INDEX, **files, "usr/bin/x": b"x"},
        STATED,
    )
    return Shelf(cache / "shelf")


def test_a_package_s_tree_holds_what_icons_are_made_of_with_its_licence(tmp_path: Path) -> None:
    tree = package_tree(shelf(tmp_path).find("plain-icons"))
    assert "usr/bin/x" not in tree.files
    file = tree.files[f"{ROOT}/scalable/actions/printer.svg"]
    assert (file.licence.name, file.version, file.read()) == ("CC0-1.0", "1.0", svg(FRAME))
    assert list(tree.texts.values()) == [STATED]


def test_an_image_s_tree_knows_the_package_of_each_file_and_follows_no_link_out(
    tmp_path: Path,
) -> None:
    for path, data in {
        "usr/share/icons/plain/a.svg": b"<svg/>",
        "usr/share/icons/plain/nobody.svg": b"<svg/>",
        "var/lib/dpkg/info/plain:all.list": b"/.\n/usr/share/icons/plain/a.svg\n",
        "usr/share/doc/plain/copyright": STATED,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    (tmp_path / "usr/share/icons/plain/out.svg").symlink_to("/etc/passwd")
    (tmp_path / "usr/share/icons/plain/b.svg").symlink_to("a.svg")
    tree = image_tree("debian-12", tmp_path, {"plain": "7"})
    owned = tree.files["usr/share/icons/plain/a.svg"]
    assert (owned.package, owned.version, owned.licence.name) == ("plain", "7", "CC0-1.0")
    assert tree.files["usr/share/icons/plain/nobody.svg"].licence.text_sha256 == ""
    assert tree.resolve("usr/share/icons/plain/b.svg") == owned
    assert tree.resolve("usr/share/icons/plain/out.svg") is None


@pytest.fixture
def places(tmp_path: Path) -> Places:
    package = shelf(tmp_path / "cache").find("plain-icons")
    build(tmp_path / "home", lambda: [package_tree(package)], 1, Silent())
    return Places(tmp_path / "home", tmp_path / "cache", 1, 0)


def test_captions_and_choices_become_conversations_that_keep_their_licence(places: Places) -> None:
    built = building.build(recipe.parse(RECIPE.encode(), "r"), places, Silent())
    rows = [json.loads(x) for x in (built.root / "messages.jsonl").read_text().splitlines()]
    answers = {row["messages"][-1]["content"] for row in rows}
    assert {"Save", "保存", "Printer"} <= answers
    choices = [row for row in rows if len(row["images"]) == 4]
    assert choices
    assert all(row["messages"][-1]["content"] in set("ABCD") for row in choices)
    ledger = [json.loads(x) for x in (built.root / "ledger.jsonl").read_text().splitlines()]
    assert {entry["package"] for entry in ledger} == {"plain-icons"}
    assert [p.read_bytes() for p in (built.root / "licences").glob("*.txt")] == [STATED]


def test_a_row_whose_picture_was_changed_is_dropped_and_the_others_stay(places: Places) -> None:
    root = directory(places.home)
    row = json.loads((root / "captions.jsonl").read_text().splitlines()[0])
    sha256 = row["picture"]["sha256"]
    (root / "blobs" / sha256[:2] / sha256).write_bytes(b"changed")
    built = building.build(recipe.parse(RECIPE.encode(), "r"), places, Silent())
    drops = json.loads((built.root / "stats.json").read_text())
    assert "its screen was changed on disk" in json.dumps(drops)
    assert "messages" in (built.root / "messages.jsonl").read_text()


def test_without_a_table_the_command_that_makes_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        building.build(
            recipe.parse(RECIPE.encode(), "r"), Places(tmp_path, tmp_path, 1, 0), Silent()
        )
    assert "trawl ground icons build" in caught.value.hint
