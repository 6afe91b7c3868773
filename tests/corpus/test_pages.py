"""Manuals' pages become clean blocks with their pictures in place, and only in their own language."""

from __future__ import annotations

import pytest

from corpus.pages import docbook
from corpus.pages.block import CAPTION, PLACE, Block, without
from corpus.pages.translated import filed_under, own
from corpus.pages.walk import squeeze

BOOK = """<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>
<div class="navheader"><img src="images/prev.png"/>Prev</div>
<div class="section"><h2 class="title"><a id="a"></a>1. Cropping</h2>
<div class="toc"><dl><dt>1.1. Contents</dt></dl></div>
{}
</div><div class="navfooter">Next</div></body></html>"""


def read(body: str) -> list[Block]:
    return docbook.read(BOOK.format(body).encode(), "x/crop.html")[1][1:]


def test_a_page_is_read_without_its_navigation() -> None:
    title, blocks, decorations, reason = docbook.read(
        BOOK.format("<p>Cut it.</p>").encode(), "x/a.html"
    )
    assert (title, decorations, reason) == ("1. Cropping", 0, "")
    assert [block.text for block in blocks] == ["## 1. Cropping", "Cut it."]


def test_a_figure_is_one_block_with_its_title_and_captions_in_the_page_s_order() -> None:
    blocks = read(
        '<p>Before.</p><div class="figure"><p class="title"><strong>Figure 1. Two</strong></p>'
        '<div class="figure-contents"><div class="mediaobject"><img src="a.png" alt="x"/>'
        '<div class="caption"><p>One</p></div></div><div class="mediaobject"><img src="b.png"/></div>'
        "</div></div><p>After.</p>"
    )
    assert blocks[1] == Block(
        f"Figure 1. Two\n{PLACE}\n{CAPTION}One\n{PLACE}", ("a.png", "b.png"), is_figure=True
    )
    assert [blocks[0].text, blocks[2].text] == ["Before.", "After."]


def test_icons_in_a_line_are_decoration_and_what_is_not_written_yet_goes() -> None:
    page = BOOK.format(
        '<p>Press <span class="guiicon"><img src="i.png"/></span> twice.</p><p><img src="j.png"/></p>'
        "<p>TODO</p><p>// TODO</p>"
    )
    _, blocks, decorations, _ = docbook.read(page.encode(), "x/a.html")
    assert [block.text for block in blocks[1:]] == ["Press twice."]
    assert decorations == 2


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Click the {} icon.", "Click the icon."),
        ("Click the icon {}; it opens.", "Click the icon; it opens."),
        ("Click the icon in Toolbox: {}", "Click the icon in Toolbox"),
        ("Use the menu ({}) or {} keys", "Use the menu or keys"),
        ("<code>{}</code>Keys", "Keys"),
    ],
)
def test_where_an_icon_is_gone_the_line_closes(written: str, read_as: str) -> None:
    (only,) = read(f"<p>{written}</p>".replace("{}", '<img src="i.png"/>'))
    assert only.text == read_as


def test_a_term_stands_before_what_is_said_of_it_and_goes_where_that_is_not_written_yet() -> None:
    blocks = read(
        "<dl><dt>Radius</dt><dd><p>How far.</p><p>In pixels.</p></dd><dt>Edge</dt><dd><p>TODO</p></dd>"
        "<dt>Why?</dt><dd><p>So.</p></dd><dt>Modes</dt><dd><ul><li>Wrap</li></ul></dd></dl>"
    )
    assert [block.text for block in blocks] == [
        "Radius: How far.", "In pixels.", "Why? So.", "Modes", "- Wrap",
    ]  # fmt: skip


def test_notes_callouts_and_powers_stay_readable() -> None:
    blocks = read(
        '<div class="note"><table border="0" summary="Note"><tr><td rowspan="2"><img src="n.png"/></td>'
        "<th>Note</th></tr><tr><td><p>Mind this.</p><p>And this.</p></td></tr></table></div>"
        '<pre class="screen">run <img class="callout" src="1.png" alt="1"/></pre>'
        '<div class="calloutlist"><table border="0"><tr><td><p><a href="#x"><img class="callout"'
        ' src="1.png" alt="1"/></a></p></td><td><p>It runs.</p></td></tr></table></div>'
        "<p>2<sup>32</sup> bytes of H<sub>2</sub>O</p>"
    )
    assert [block.text for block in blocks] == [
        "Note: Mind this.", "And this.", "```\nrun (1)\n```", "(1) It runs.", "2^32 bytes of H_2O",
    ]  # fmt: skip


def test_a_table_keeps_its_rows_and_shows_its_pictures_in_their_cells() -> None:
    blocks = read(
        '<table class="table"><tbody><tr><th>Key</th><th>Does</th></tr><tr><td>a</td>'
        '<td><div class="mediaobject"><img src="t.png"/></div></td></tr></tbody></table>'
    )
    assert blocks == [Block(f"| Key | Does |\n| a | {PLACE} |", ("t.png",))]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("中文\n  换行", "中文换行"),
        ("句子。\n下一句", "句子。下一句"),
        ("日本\nの", "日本の"),
        ("the\n word", "the word"),
        ("한국어\n문장", "한국어 문장"),
        ("用 \n apt", "用 apt"),
    ],
)
def test_lines_are_joined_as_their_writing_is(text: str, line: str) -> None:
    assert squeeze(text) == line


def test_a_page_cannot_name_a_picture_it_does_not_show() -> None:
    blocks = read(f"<p>{PLACE}0{PLACE} and &#xfffc;0&#xfffc;</p>")
    assert blocks == [Block("0 and 0")]


@pytest.mark.parametrize(
    "body",
    [
        "<table>" * 3000,
        "<div class='figure'>" * 5000,
        "<p>&lol;</p><!DOCTYPE x [<!ENTITY lol 'aaaa'>]>",
        "<ul>" + "<li>x</li>" * 20_000,
        "<table border='1'>" + "<tr><td>x</td></tr>" * 20_000,
        "\x00\ufffe<hr>&#0;&#xfffe;&#1;&#x1f;&#65534;&#13;&#127;&#55296;<hr>x",
    ],
)
def test_hostile_pages_are_read_in_bounds(body: str) -> None:
    assert sum(len(block.text) for block in read(body)) <= 20 * len(body) + 100


def test_an_empty_page_and_an_index_say_why_they_are_none() -> None:
    assert docbook.read(b"", "x/a.html")[3] == "no main part"
    assert docbook.read(BOOK.format("").encode(), "x/index.html")[3] == "an index page"


def test_a_picture_goes_with_its_caption_and_a_figure_with_its_last_picture() -> None:
    figure = Block(f"Figure 1\n{PLACE}\n{CAPTION}One\n{PLACE}", ("a", "b"), is_figure=True)
    assert without(figure, {0}) == Block(f"Figure 1\n{PLACE}", ("b",), is_figure=True)
    assert without(figure, {1}) == Block(f"Figure 1\n{PLACE}\n{CAPTION}One", ("a",), is_figure=True)
    assert without(figure, {0, 1}) is None
    assert without(Block(f"See {PLACE}.", ("a",)), {0}) == Block("See .")
    assert without(Block(f"| {PLACE} |", ("a",)), {0}) is None


ENGLISH = "This part of the book has not been translated into any other language so far."
CHINESE = "这一部分已经翻译成中文，读者可以直接阅读。"


def test_only_translated_sections_stay_and_code_shares_their_fate() -> None:
    page = [
        "# 标题", CHINESE, "```\nls\n```", ENGLISH, CHINESE,
        "## 未翻译", ENGLISH, "```\nrm\n```", "## 第三节", CHINESE,
    ]  # fmt: skip
    kept = own([Block(text) for text in page], "zh")
    assert [block.text for block in kept.blocks] == [
        "# 标题", CHINESE, "```\nls\n```", CHINESE, "## 第三节", CHINESE,
    ]  # fmt: skip
    assert kept.lost == [ENGLISH, ENGLISH, "```\nrm\n```"]


def test_figures_numbered_in_the_page_s_language_do_not_make_a_section_translated() -> None:
    titles = [f"Slika 13.{n}. The LXDE desktop\n{PLACE}" for n in range(4)]
    page = ["### 13.3.4. Other Desktop Environments", *titles, ENGLISH, ENGLISH]
    assert not own([Block(text) for text in page], "hr").blocks


def test_a_table_of_names_shares_its_section_s_fate_as_its_title_does() -> None:
    table = "| DEC Unix (OSF/1) | alpha, mipsel |\n| HP Unix | ia64, hppa |\n| IBM AIX | powerpc |"
    page = [CHINESE, "表 3.1. 操作系统与架构", table]
    assert [b.text for b in own([Block(text) for text in page], "zh").blocks] == page


def test_a_translated_heading_stays_above_translated_sections_of_an_untranslated_one() -> None:
    page = ["## 概述", ENGLISH, "### 第一节", CHINESE, "## 结束", ENGLISH]
    kept = [b.text for b in own([Block(text) for text in page], "zh").blocks]
    assert kept == ["## 概述", "### 第一节", CHINESE]


def test_code_and_addresses_in_a_line_do_not_make_it_english() -> None:
    line = "运行 `apt-get --no-install-recommends install` 后，见 https://www.debian.org/releases/stable 页。"
    assert [b.text for b in own([Block(line)], "zh").blocks] == [line]


def test_a_page_that_no_path_files_under_a_language_is_taken_whole() -> None:
    page = [Block("# Title"), Block(ENGLISH), Block(CHINESE)]
    assert own(page, None).blocks == page


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("usr/share/doc/debian-handbook/html/zh-CN/apt.html", "zh"),
        ("usr/share/doc/debian-handbook/html/nb-NO/apt.html", "no"),
        ("usr/share/doc/linux-doc-6.1/html/translations/zh_CN/mm/ksm.html", "zh"),
        ("usr/share/doc/linux-doc-6.1/html/mm/ksm.html", None),
        ("usr/share/gimp/2.0/help/en/apt.html", "en"),
        ("usr/share/debian-reference/ch01.zh-cn.html", "zh"),
        ("usr/share/doc/python3.11/html/library/io.html", None),
        ("usr/share/man/pt_BR/man1/ls.1.gz", "pt"),
        ("usr/share/man/sv/man1/ls.1.gz", "sv"),
        ("usr/share/man/zh_CN/man1/ls.1.gz", None),
        ("usr/share/man/man2/open.2.gz", None),
        ("usr/share/doc/python-pandas-doc/html/api/pandas.DataFrame.at.html", None),
        ("usr/share/doc/a-doc/html/api/pandas.at.html", None),
    ],
)
def test_the_language_a_path_names(path: str, language: str | None) -> None:
    assert filed_under(path) == language
