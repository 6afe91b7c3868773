"""Names, sizes and meanings of theme icons come from what the theme and its neighbours say."""

from __future__ import annotations

from grounding.icons.entries import Entries, entry, kinds
from grounding.icons.meanings import Meaning, meaning, tag, unite
from grounding.icons.naming import Labels, meanings, specification, spelled, without_mnemonic
from grounding.icons.themes import Themes
from tests.grounding.icons.made import ENTRY, PLUS, svg, theme, tree

KINDS = b"""<?xml version="1.0"?><!DOCTYPE mime-info [ <!ELEMENT mime-info (mime-type)*> ]>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
<mime-type type="application/pdf"><comment>PDF document</comment>
<comment xml:lang="zh_CN">PDF \xe6\x96\x87\xe6\xa1\xa3</comment></mime-type></mime-info>"""


def test_links_give_an_icon_its_other_names() -> None:
    files = theme(
        {"list-add.svg": svg(PLUS)}, {"gtk-add.svg": "list-add.svg", "loop.svg": "loop.svg"}
    )
    (icon,) = Themes().icons([files])
    assert icon.names == ("list-add", "gtk-add")
    assert (icon.theme, icon.context, icon.drawings[0].size_px) == ("plain", "actions", 0)


def test_a_mirrored_drawing_is_left_out_because_it_would_mean_the_opposite() -> None:
    themes = Themes()
    found = list(
        themes.icons([theme({"edit-undo-rtl.svg": svg(PLUS), "a-symbolic-rtl.svg": svg(PLUS)})])
    )
    assert found == []
    assert themes.refused["drawn for writing from right to left"] == 2


def test_a_directory_that_the_theme_does_not_list_or_that_is_for_dense_screens_is_left() -> None:
    root = "usr/share/icons/plain"
    files = theme({"list-add.svg": svg(PLUS)})
    more = tree(
        {
            **{path: file.read() for path, file in files.files.items()},
            f"{root}/extra/x.svg": svg(PLUS),
            f"{root}/24@2/actions/y.svg": svg(PLUS),
        }
    )
    themes = Themes()
    assert [icon.name for icon in themes.icons([more])] == ["list-add"]
    assert themes.refused["its directory is not one of the theme's sizes"] == 2


def test_a_theme_that_comes_twice_is_read_once() -> None:
    themes = Themes()
    files = theme({"list-add.svg": svg(PLUS)})
    assert len(list(themes.icons([files, files]))) == 1


def test_every_name_of_the_specification_has_words_in_english_and_chinese() -> None:
    words = specification()
    assert len(words) > 300
    assert all(word.en.isascii() and word.zh and not word.zh.isascii() for word in words.values())
    said = list(meanings("document-save-symbolic", Labels()))
    assert [(m.lang, m.text) for m in said] == [("en", "Save"), ("zh-CN", "保存")]


def test_a_name_outside_the_specification_is_spelled_and_says_so() -> None:
    (said,) = meanings("object-ungroup", Labels())
    assert (said.text, said.source) == ("object ungroup", "theme-name")
    assert spelled("org.gnome.TextEditor") == "text editor"
    assert spelled("3f2a9c77d0") == spelled("42") == spelled("variant-7") == ""
    assert spelled("battery-level-40") == "battery level 40"


def test_access_keys_are_no_part_of_a_label() -> None:
    assert without_mnemonic("保存(_S)") == "保存"
    assert without_mnemonic("Save _As") == "Save As"


def test_a_program_s_entry_names_its_icon_in_each_language_of_its_first_group() -> None:
    icon, said = entry(ENTRY.encode())
    assert icon == "paint"
    assert Meaning("画图", "zh-CN", "desktop-name") in said
    assert Meaning("Malen", "de", "desktop-name") in said
    assert "New drawing" not in [m.text for m in said]


def test_kinds_of_files_are_named_in_each_language() -> None:
    assert list(kinds(KINDS)) == [
        ("application-pdf", Meaning("PDF document", "en", "mime-comment")),
        ("application-pdf", Meaning("PDF 文档", "zh-CN", "mime-comment")),
    ]


def test_entries_that_cannot_be_read_are_counted_and_the_others_stay() -> None:
    bomb = b'<!DOCTYPE m [<!ENTITY a "b">]><mime-info>&a;</mime-info>'
    found = Entries()
    found.read(
        tree(
            {
                "usr/share/applications/paint.desktop": ENTRY.encode(),
                "usr/share/applications/huge.desktop": b"x" * (2 << 20),
                "usr/share/applications/odd.desktop": b"\xff\xfe[Desktop",
                "usr/share/mime/packages/a.xml": bomb,
            }
        )
    )
    assert found.refused == {"entry too large": 1, "kinds of files: declares entities": 1}
    assert len(found.by_icon["paint"]) == 4


def test_a_text_is_kept_once_a_language_by_the_source_nearest_to_the_screen() -> None:
    said = [
        Meaning("open", "en", "theme-name"),
        Meaning("Open…", "en", "a11y"),
        Meaning("Open", "de", "toolkit-label"),
    ]
    assert unite(said) == (said[1], said[2])


def test_languages_are_tags_and_nonsense_is_undetermined() -> None:
    assert [tag(x) for x in ("zh_CN", "sr@latin", "pt-BR", "C.UTF-8", "../x")] == [
        "zh-CN", "sr-latin", "pt-BR", "und", "und",
    ]  # fmt: skip
    assert meaning("\u202e\x00 ", "en", "a11y") is None
    assert meaning("x" * 500, "en", "a11y") is None
