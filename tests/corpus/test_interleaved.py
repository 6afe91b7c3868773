"""Pages keep each picture where it stands, with its caption, in pieces that fit the context."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import simplejpeg
from hypothesis import given
from hypothesis import strategies as st

from corpus import build as building
from corpus import recipe
from corpus.build import Places
from corpus.categories.interleaved.cut import pieces, weight, written
from corpus.categories.interleaved.shown import files_of, find
from corpus.pages.block import CAPTION, PLACE, Block
from corpus.sample import Sample
from corpus.shards import manifest
from corpus.shelf import Shelf
from corpus.tokens import text_counter
from infra.progress import Silent
from tests.corpus import made, pictures
from tests.corpus.operators.test_near import english

RECIPE = """\
name: pages
budget_tokens: 1000000
context_tokens: {}
categories: {{interleaved: {{weight: 1, operators: {}}}}}
sources: {{book: {{category: interleaved, reader: docbook, package: debian-handbook}}}}
"""
GPL = b"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GPL-2+\n"
ROOT = "usr/share/doc/debian-handbook/html/"
ENGLISH = "This paragraph number {} says in plain English what the picture beside it shows."
CHINESE = "第{}段文字用中文说明旁边的图片里有什么内容。"


def page(*parts: str) -> bytes:
    return f"<html><body><div class='section'>{''.join(parts)}</div></body></html>".encode()


def text(number: int, words: str = ENGLISH) -> str:
    return f"<div class='para'>{words.format(number)}</div>"


def figure(source: str, title: str) -> str:
    return (
        f"<div class='figure'><div class='mediaobject'><img src='{source}' alt='x'/></div>"
        f"<p class='title'><strong>{title}</strong></p></div>"
    )


def gathered(
    root: Path, files: Mapping[str, bytes], context_tokens: int = 8192, operators: str = "{}"
) -> tuple[list[Sample], dict[str, int]]:
    """The samples of a book with these files, by file, and what was dropped."""
    held = {ROOT + path: data for path, data in files.items()}
    made.write_package(root / "shelf", "debian-handbook", held, GPL)
    made_of = recipe.parse(RECIPE.format(context_tokens, operators).encode(), "r")
    stock = building.gather(made_of, Places(root, root, 2, 0), Silent())
    found = [stock.sample(row) for row in range(len(stock.tokens))]
    dropped: dict[str, int] = {}
    for row in stock.funnels[0].rows():
        dropped[row["reason"]] = dropped.get(row["reason"], 0) + row["count"]
    return sorted(found, key=lambda s: s.origin.file), dropped


def picture(seed: int, width: int = 160, height: int = 120) -> bytes:
    return pictures.encoded(".png", pictures.scene(width, height, seed))


def test_pictures_stand_where_they_stand_in_the_page_and_icons_go(tmp_path: Path) -> None:
    (sample,), dropped = gathered(
        tmp_path,
        {"en-US/a.html": page("<h2>1. Two</h2>", text(1), figure("images/b.png", "Figure 1. B"),
                              text(2), "<p>Press <img src='i.png'/>.</p>", figure("images/a.png", "Figure 2. A")),
         "en-US/images/a.png": picture(1), "en-US/images/b.png": picture(2, 200)},
    )  # fmt: skip
    assert [turn.role for turn in sample.messages] == ["assistant"]
    assert sample.messages[0].content == "\n\n".join(
        ("## 1. Two", ENGLISH.format(1), "<image>\nFigure 1. B", ENGLISH.format(2), "Press.",
         "<image>\nFigure 2. A")
    )  # fmt: skip
    assert [p.width for p in sample.pictures] == [200, 160]
    assert (sample.kind, sample.language) == ("interleaved", "en")
    assert sample.traits == (("type", "manual"),)
    assert dropped["decoration"] == 1


def test_a_picture_that_is_not_there_goes_with_its_figure_and_is_counted(tmp_path: Path) -> None:
    (sample,), dropped = gathered(
        tmp_path,
        {"en-US/a.html": page("<h2>1. Two</h2>", text(1), figure("images/gone.png", "Figure 1. Gone"),
                              text(2), figure("a.png", "Figure 2. A"), figure("b.png", "Figure 3. B")),
         "en-US/a.png": picture(1), "en-US/b.png": picture(2)[:90]},
    )  # fmt: skip
    assert "Gone" not in sample.messages[0].content
    assert "Figure 3" not in sample.messages[0].content
    assert len(sample.pictures) == 1
    assert dropped["not in the package"] == 1


@pytest.mark.parametrize(
    "said",
    ["../../../../../../../etc/passwd.png", "/etc/x.png", "file:///etc/x.png", "http://e.org/x.png",
     "//e.org/x.png", "data:image/png;base64,AAAA", "..%2f..%2f..%2f..%2f..%2f..%2f..%2fx.png",
     "a\x00.png", "\\\\host\\x.png", "C:x.png", "a.html", ""],
)  # fmt: skip
def test_a_reference_reaches_nothing_outside_the_package(tmp_path: Path, said: str) -> None:
    made.write_package(tmp_path, "debian-handbook", {f"{ROOT}en-US/a.png": picture(1)}, GPL)
    files = files_of(Shelf(tmp_path).find("debian-handbook"))
    assert find(f"{ROOT}en-US/a.html", said, files)[0] is None


@pytest.mark.parametrize(
    "said", ["a.png", "./a.png", "../en-US/a.png?x#y", "x//../a.png", "%61.png"]
)
def test_a_reference_is_looked_up_as_a_browser_would(tmp_path: Path, said: str) -> None:
    made.write_package(tmp_path, "debian-handbook", {f"{ROOT}en-US/a.png": picture(1)}, GPL)
    files = files_of(Shelf(tmp_path).find("debian-handbook"))
    file, _ = find(f"{ROOT}en-US/a.html", said, files)
    assert file is not None


def test_only_what_is_translated_is_a_page_of_that_language(tmp_path: Path) -> None:
    found, dropped = gathered(
        tmp_path,
        {"zh-CN/a.html": page("<h2>1. 安装</h2>", *(text(n, CHINESE) for n in range(6)),
                              figure("a.png", "图 1. 甲"), "<h3>1.1. 其他</h3>", text(9), figure("b.png", "图 2. 乙")),
         "zh-CN/a.png": picture(1), "zh-CN/b.png": picture(2),
         "ko-KR/a.html": page("<h2>1. Installing</h2>", text(1), text(2), figure("a.png", "Figure 1. A")),
         "ko-KR/a.png": picture(1)},
    )  # fmt: skip
    (sample,) = found
    assert (sample.language, len(sample.pictures)) == ("zh", 1)
    assert "English" not in sample.messages[0].content
    assert dropped["not in the language it is filed under"] >= 3


def test_the_same_picture_in_two_languages_is_kept_in_both(tmp_path: Path) -> None:
    shared = picture(1)
    found, _ = gathered(
        tmp_path,
        {"zh-CN/a.html": page("<h2>1. 安装</h2>", *(text(n, CHINESE) for n in range(6)), figure("a.png", "图 1. 甲")),
         "zh-CN/a.png": shared, "en-US/a.png": shared,
         "en-US/a.html": page("<h2>1. Installing</h2>", text(1), figure("a.png", "Figure 1. A"))},
    )  # fmt: skip
    assert [s.language for s in found] == ["en", "zh"]
    assert found[0].pictures[0].sha256 == found[1].pictures[0].sha256


def test_pages_paragraphs_and_pictures_are_given_once(tmp_path: Path) -> None:
    one = page(
        "<h2>1. A</h2>", text(1), figure("a.png", "Figure 1. A"), figure("b.png", "Figure 2. B")
    )
    other = page("<h2>2. B</h2>", text(1), text(2), text(3), figure("c.png", "Figure 3. C"))
    found, dropped = gathered(
        tmp_path,
        {"en-US/a.html": one, "en-US/a2.html": one, "en-US/b.html": other,
         "en-US/a.png": picture(1), "en-US/b.png": picture(1), "en-US/c.png": picture(3)},
    )  # fmt: skip
    assert [len(s.pictures) for s in found] == [1, 1]
    assert ENGLISH.format(1) not in found[1].messages[0].content
    assert dropped["the same document"] == dropped["the same paragraph"] == 1
    assert dropped["the same picture on one page"] == 1


def inline(source: str) -> str:
    return f"<span class='mediaobject'><img src='{source}'/></span>"


def lines(*words: str) -> str:
    return "".join(f"<div class='para'>{one}</div>" for one in words)


def test_a_page_near_an_earlier_one_goes_unless_it_shows_other_pictures(tmp_path: Path) -> None:
    words = english(1, 100)
    files = {f"en-US/{name}.html": page("<h2>1. A</h2>", lines(f"{name} {words}"),
                                        *(figure(f"{shown}{n}.png", f"Figure {n}") for n in range(9)))
             for name, shown in (("a", "a"), ("b", "a"), ("c", "c"))}  # fmt: skip
    shown = {
        f"en-US/{name}{n}.png": picture(n + 9 * (name == "c")) for name in "ac" for n in range(9)
    }
    found, dropped = gathered(tmp_path, files | shown, operators="{near_duplicates: 0.8}")
    assert [sample.origin.file[-6:] for sample in found] == ["a.html", "c.html"]
    assert dropped["near an earlier document"] == 1
    assert "over half of it seen before" not in dropped


def test_personal_data_of_a_page_is_masked_around_its_pictures(tmp_path: Path) -> None:
    parts = page("<h2>1. A</h2>", text(1), lines(f"Ask ann@web.de{inline('a.png')}bob@web.de."),
                 figure("b.png", "Figure 1. From ann@web.de"))  # fmt: skip
    files = {"en-US/a.html": parts, "en-US/a.png": picture(1), "en-US/b.png": picture(2)}
    (sample,), _ = gathered(tmp_path / "mask", files, operators="{personal: mask}")
    content = sample.messages[0].content
    assert "Ask [EMAIL_1]<image>[EMAIL_2]." in content
    assert content.endswith("<image>\nFigure 1. From [EMAIL_1]")
    assert len(sample.pictures) == 2
    assert {c.name: c.parameters for c in sample.changes}["mask personal data"] == (("EMAIL", 3),)
    found, dropped = gathered(tmp_path / "drop", files, operators="{personal: drop}")
    assert found == []
    assert dropped["personal data or secrets"] == 1


def test_a_page_that_shares_a_run_with_an_evaluation_set_goes_once_the_set_has_it(
    tmp_path: Path,
) -> None:
    words = english(7, 20).split(" ")
    said = " ".join((*words[:9], inline("a.png"), *words[9:]))
    files = {"en-US/a.html": page("<h2>1. A</h2>", text(1), lines(said)), "en-US/a.png": picture(1)}
    exam = tmp_path / "exam.txt"
    exam.write_text("Nothing of it.\n")
    asked = f"{{decontaminate: [{exam}]}}"
    assert len(gathered(tmp_path, files, operators=asked)[0]) == 1
    exam.write_text(" ".join(words))
    found, dropped = gathered(tmp_path, files, operators=asked)
    assert found == []
    assert dropped["shares words with an evaluation set"] == 1


def inks(pixels: np.ndarray) -> bytes:
    """A JPEG for print, as programs for layout write it."""
    four = np.dstack([255 - pixels, np.full(pixels.shape[:2], 40, np.uint8)])
    return bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(255 - four), 95, "CMYK"))


def test_pictures_of_every_form_are_built_upright_and_bad_ones_go_with_their_reasons(
    tmp_path: Path,
) -> None:
    scenes = [pictures.scene(160, 120, seed) for seed in range(5)]
    whole = {
        "inks.jpg": inks(scenes[0]),
        "turned.jpg": pictures.turned(pictures.jpeg(scenes[1]), 6),
        "deep.png": pictures.encoded(".png", scenes[2].astype(np.uint16) * 257),
        "moving.gif": pictures.moving(".gif", [scenes[3], scenes[4]]),
    }
    bad = {
        "none.png": pictures.png_of(0, 0, b""),
        "line.png": pictures.png_of(60_000, 1, bytes(180_001)),
        "bomb.jpg": pictures.resized_header(pictures.jpeg(scenes[0]), 60_000, 60_000),
        "cut.jpg": pictures.jpeg(scenes[1])[:900],
        "text.png": b"<svg/>",
    }
    shown = [figure(name, f"Figure of {name}") + text(n) for n, name in enumerate((*whole, *bad))]
    files = {f"en-US/{name}": data for name, data in {**whole, **bad}.items()}
    (sample,), dropped = gathered(
        tmp_path, {"en-US/a.html": page("<h2>1. A</h2>", *shown), **files}
    )
    sizes = [(p.width, p.height) for p in sample.pictures]
    assert sizes == [(160, 120), (120, 160), (160, 120), (160, 120)]
    assert sum(dropped.values()) == len(bad), dropped
    assert [name for name in bad if name in sample.messages[0].content] == []
    asked = recipe.parse(RECIPE.format(8192, "{}").encode(), "r")
    built = building.build(asked, Places(tmp_path, tmp_path, 1, 0), Silent())
    assert manifest.verify(built.root, Silent()) == []


def test_an_evaluation_picture_goes_with_its_caption_and_the_page_stays(tmp_path: Path) -> None:
    files = {
        "en-US/a.html": page(
            "<h2>1. A</h2>",
            text(1),
            figure("a.png", "Figure 1. A"),
            text(2),
            figure("b.png", "Figure 2. B"),
        ),
        "en-US/a.png": picture(1, 320, 240),
        "en-US/b.png": picture(2, 320, 240),
    }
    exam = tmp_path / "exam"
    exam.mkdir()
    asked = f"{{decontaminate_pictures: [{exam}]}}"
    (exam / "other.png").write_bytes(picture(3, 320, 240))
    (sample,), _ = gathered(tmp_path, files, operators=asked)
    assert len(sample.pictures) == 2
    (exam / "one.jpg").write_bytes(pictures.jpeg(pictures.scene(320, 240, 1), 80))
    (sample,), dropped = gathered(tmp_path, files, operators=asked)
    assert dropped["an evaluation picture"] == 1
    assert len(sample.pictures) == 1
    assert "Figure 1" not in sample.messages[0].content
    assert ENGLISH.format(1) in sample.messages[0].content


def test_a_picture_on_every_page_is_furniture(tmp_path: Path) -> None:
    files = {f"en-US/p{n:02}.html": page(f"<h2>{n}. A</h2>", text(n), figure("logo.png", f"Figure {n}"))
             for n in range(14)}  # fmt: skip
    found, dropped = gathered(tmp_path, {**files, "en-US/logo.png": picture(1)})
    assert [len(s.pictures) for s in found] == [1] * 10 + [0] * 4
    assert {s.kind for s in found[10:]} == {"document"}
    assert dropped["the same picture on too many pages"] == 4


def test_a_long_page_is_cut_at_headings_and_every_piece_fits(tmp_path: Path) -> None:
    parts = [
        f"<h3>{n}. Section</h3>{text(n)}{text(100 + n)}{figure(f'{n}.png', f'Figure {n}. N')}"
        for n in range(12)
    ]
    files = {f"en-US/{n}.png": picture(n, 300, 300) for n in range(12)}
    found, _ = gathered(tmp_path, {"en-US/a.html": page(*parts), **files}, context_tokens=1024)
    assert len(found) > 2
    assert all(s.tokens <= 1024 for s in found)
    assert sum(len(s.pictures) for s in found) == 12
    for sample in found:
        assert sample.messages[0].content.startswith("### ")
        assert sample.messages[0].content.count("<image>") == len(sample.pictures)


def test_a_page_that_writes_out_the_mark_of_a_picture_is_dropped(tmp_path: Path) -> None:
    found, dropped = gathered(
        tmp_path,
        {"en-US/a.html": page("<h2>1. A</h2>", text(1), "<p>Use &lt;image&gt; here.</p>", figure("a.png", "Figure 1. A")),
         "en-US/a.png": picture(1)},
    )  # fmt: skip
    assert found == []
    assert dropped["writes out the mark of a picture"] == 1


blocks = st.lists(
    st.one_of(
        st.integers(1, 4).map(lambda n: Block("#" * n + " Heading")),
        st.integers(0, 40).map(lambda n: Block("word " * (n + 1))),
        st.integers(0, 20).map(lambda n: Block("these words announce what follows:" + " x" * n)),
        st.integers(1, 3).map(
            lambda n: Block(
                "\n".join([f"{PLACE}\n{CAPTION}caption"] * n), ("p",) * n, is_figure=True
            )
        ),
    ),
    min_size=1,
    max_size=40,
)


@given(blocks)
def test_cutting_keeps_every_block_in_order_and_only_a_single_block_may_be_too_long(
    page_blocks: list[Block],
) -> None:
    counter, images = text_counter("tekken-240911"), {"p": 60}
    made_pieces = pieces(page_blocks, images, 160, counter)
    assert [block for piece in made_pieces for block in piece] == page_blocks
    for piece in made_pieces:
        size = sum(weight(block, images, counter) for block in piece)
        assert size <= 160 or len(piece) == 1
        assert CAPTION not in written(piece)
