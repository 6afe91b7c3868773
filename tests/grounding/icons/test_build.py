"""Themes and recordings become one table, and its samples have one right answer each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grounding.icons.build import build, directory
from infra.blobs import Blobs
from infra.progress import Silent
from tests.grounding.desk import element
from tests.grounding.icons import made
from tests.grounding.icons.made import DISC, FRAME, PLUS, WAVES, WEDGE, svg

NAMES = {
    "document-save": WEDGE,
    "printer": FRAME,
    "audio-card": DISC,
    "input-mouse": WAVES,
    "object-ungroup": '<path d="M2 2h6v6H2z M16 16h6v6h-6z" fill="{}"/>',
}


def files() -> Any:
    icons = {f"{name}.svg": svg(shape) for name, shape in NAMES.items()}
    return made.theme({**icons, "weather-fog.svg": svg(WEDGE, "#aa2222"), "bad.svg": b"<svg"})


def rows(home: Path, name: str) -> list[dict[str, Any]]:
    path = directory(home) / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def built(home: Path) -> dict[str, Any]:
    return build(home, lambda: [files()], 1, Silent()).as_record()


def pressed(home: Path) -> None:
    """A click on the wedge, which opens a dialog; two discs bear one name."""
    icons = {
        "save": (svg(WEDGE), (40, 40), "Store it"),
        "a": (svg(DISC), (100, 40), "Sound"),
        "b": (svg(DISC), (160, 40), "Sound"),
        "plus": (svg(PLUS), (220, 40), "More"),
    }
    before = made.screen(icons)
    dialog = element("dlg", "dialog", (60, 120, 300, 300), "Where to?", parent=None)
    after = made.screen(icons)
    tree = type(after.tree)((*after.tree.elements, dialog), after.tree.source, 1_000, 2_000)
    made.record(home, before, type(after)(after.screen, tree, stable=True), "save", (58, 58))


def test_a_theme_s_icon_and_its_crop_are_one_icon_with_all_meanings_and_its_function(
    tmp_path: Path,
) -> None:
    pressed(tmp_path)
    built(tmp_path)
    icon = next(row for row in rows(tmp_path, "icons") if "document-save" in row["names"])
    said = {(m["lang"], m["text"]) for m in icon["meanings"]}
    assert {("en", "Save"), ("zh-CN", "保存"), ("en", "Store it"), ("en", "Fog")} <= said
    assert icon["functions"] == [
        {"en": 'opens the "Where to?" dialog', "zh": "打开“Where to?”对话框", "count": 1}
    ]
    assert icon["seen"][0]["bbox_px"] == [40, 40, 76, 76]
    assert icon["origins"][0]["licence"]["name"] == "CC0-1.0"
    assert {(24, 24), (48, 48), (96, 96)} <= {(p["width"], p["height"]) for p in icon["pictures"]}


def test_a_meaning_that_several_looks_share_links_them_and_does_not_unite_them(
    tmp_path: Path,
) -> None:
    icons = {"printer.svg": svg(FRAME), "printer-symbolic.svg": svg(WAVES)}
    build(tmp_path, lambda: [made.theme(icons)], 1, Silent())
    table = rows(tmp_path, "icons")
    assert len(table) == 2
    shared = [row for row in rows(tmp_path, "meanings") if row["text"] == "Printer"]
    assert [sorted(row["icons"]) for row in shared] == [sorted(row["id"] for row in table)]
    assert all(shared[0]["id"] in row["concepts"] for row in table)


def test_an_element_is_asked_for_only_where_nothing_else_could_be_meant(tmp_path: Path) -> None:
    pressed(tmp_path)
    figures = built(tmp_path)
    asked = {row["element"]: row for row in reversed(rows(tmp_path, "targets"))}
    assert set(asked) == {"save", "plus"}
    assert asked["save"]["function"]["en"] == 'opens the "Where to?" dialog'
    assert figures["dropped"]["target: the same icon twice on the screen"] == 4
    blobs = Blobs(directory(tmp_path) / "blobs")
    assert blobs.get(asked["save"]["image"]).startswith(b"\x89PNG")


def test_words_that_only_a_file_s_name_spells_are_kept_and_asked_of_nobody(tmp_path: Path) -> None:
    built(tmp_path)
    table = {name: row for row in rows(tmp_path, "icons") for name in row["names"]}
    assert [m["text"] for m in table["object-ungroup"]["meanings"]] == ["object ungroup"]
    captions = {(row["icon"], row["lang"]): row["meaning"] for row in rows(tmp_path, "captions")}
    assert (table["object-ungroup"]["id"], "en") not in captions
    assert captions[table["printer"]["id"], "zh"] == "打印机"


def test_a_choice_offers_one_icon_that_is_meant_and_none_that_could_be(tmp_path: Path) -> None:
    built(tmp_path)
    choices = [row for row in rows(tmp_path, "choices") if row["lang"] == "en"]
    assert choices
    table = {row["id"]: row for row in rows(tmp_path, "icons")}
    for row in choices:
        means = [
            row["meaning"] in [m["text"] for m in table[offered["icon"]]["meanings"]]
            for offered in row["pictures"]
        ]
        assert means.count(True) == 1
        assert means[row["answer"]]


def test_what_cannot_be_drawn_is_counted_and_the_build_goes_on(tmp_path: Path) -> None:
    figures = built(tmp_path)
    assert figures["dropped"]["file is not well-formed XML"] == 1
    assert figures["icons"] == len(NAMES)  # the fog is drawn like the wedge, in another colour
    assert figures["several_meanings"] == 1


def test_built_again_the_table_and_its_samples_are_the_same_bytes(tmp_path: Path) -> None:
    pressed(tmp_path)

    def snapshot() -> dict[str, bytes]:
        built(tmp_path)
        root = directory(tmp_path)
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }

    first = snapshot()
    assert snapshot() == first
    assert "sheet.html" in first
    assert "dialects/osatlas.json" in first
