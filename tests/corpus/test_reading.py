"""Readers give clean text and captions, and take hostile files without harm."""

import pytest

from corpus.categories.caption import svg
from corpus.categories.caption.render import render
from corpus.categories.caption.titles import Titled, judge
from corpus.categories.text import roff, sayings
from corpus.operators import sanity
from corpus.operators.language import by_line, main_language
from corpus.pages import sphinx

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {}>{}</svg>'
)
CIRCLE = '<circle cx="50" cy="50" r="40" fill="red"/>'


def drawn(size: str, body: str) -> dict[str, object]:
    return render({"data": HEAD.format(size, body).encode(), "side_px": 448})


def test_a_picture_is_drawn_with_its_longer_side_at_the_size() -> None:
    made = drawn('width="100" height="100"', CIRCLE)
    assert (made["width"], made["height"], made["renderer"]) == (448, 448, "skia")


def test_a_style_sheet_is_left_to_the_renderer_that_knows_them() -> None:
    body = "<style>.a{fill:blue}</style>" + CIRCLE.replace('fill="red"', 'class="a"')
    assert drawn('viewBox="0 0 100 100"', body)["renderer"] == "resvg"


def test_a_small_drawing_on_a_large_page_is_brought_closer() -> None:
    assert drawn('viewBox="0 0 1000 1000"', CIRCLE)["cropped"] is True


@pytest.mark.parametrize(
    ("size", "body", "reason"),
    [
        ('viewBox="0 0 100 100"', "", "renders blank"),
        ('viewBox="0 0 100 1"', CIRCLE, "no usable size"),
        ("", CIRCLE, "no usable size"),
        ('viewBox="0 0 9 9"', '<image xlink:href="file:///etc/passwd"/>', "outside"),
        ('viewBox="0 0 9 9"', '<use href="http://example.org/a.svg#b"/>', "outside"),
        ('viewBox="0 0 9 9"', "<style>@import url(http://example.org/a.css)</style>", "outside"),
        ('viewBox="0 0 9 9"', "<script>1</script>", "script"),
    ],
)
def test_what_cannot_or_must_not_be_drawn_says_why(size: str, body: str, reason: str) -> None:
    assert reason in str(drawn(size, body)["reason"])


def test_huge_dimensions_cost_no_more_than_small_ones() -> None:
    made = drawn('width="1e9" height="1e9" viewBox="0 0 100 100"', CIRCLE)
    assert (made["width"], made["height"]) == (448, 448)


def test_entities_and_deep_nesting_are_refused() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>'
    assert svg.inspect(bomb)["reason"] == "declares entities"
    deep = b"<svg>" + b"<g>" * 100_000 + b"</g>" * 100_000 + b"</svg>"
    assert svg.inspect(deep)["reason"] == "is not well-formed XML"
    assert svg.inspect(b"\x00\xff")["reason"] == "is not well-formed XML"


def test_a_collections_name_is_no_caption() -> None:
    files = [Titled(f"x/apple{n}.svg", "Pretty Theme", "", ()) for n in range(3)]
    files += [Titled(f"x/candy_{n}.svg", "Candy", "", ()) for n in range(3)]
    verdicts = judge(files)
    assert verdicts["x/apple0.svg"].reason == "title is a collection's"
    assert verdicts["x/candy_0.svg"].caption == "Candy"


@pytest.mark.parametrize(
    ("title", "creator", "reason"),
    [
        ("", "", "no title"),
        ("a@b.org", "", "title is not text"),
        ("HASH(0x853142c)", "", "title is not text"),
        ("books-aj.svg", "", "title is a file's name or a date"),
        ("Icons (Wed Aug 25 23:29:46 2004)", "", "title is a file's name or a date"),
        ("Mirjam Meijer", "Mirjam Meijer", "title is a person's name"),
        ("Part of the Flat Icon Collection", "", "title is a collection's"),
        ("untitled 3", "", "title is not text"),
    ],
)
def test_titles_that_say_nothing_of_the_picture_are_dropped(
    title: str, creator: str, reason: str
) -> None:
    verdict = judge([Titled("x/y.svg", title, "", (creator,))])["x/y.svg"]
    assert verdict.reason == reason


@pytest.mark.parametrize(
    ("title", "caption"),
    [
        ("Tigre01", "Tigre"),
        ("horse#1", "horse"),
        ("flan_bw", "flan (black and white)"),
        ("Clipart by Nicu Buculei - compact_disc", "compact disc"),
        ("Route 66", "Route 66"),
        ("M16", "M16"),
        ("signal flag 7", "signal flag 7"),
    ],
)
def test_spelling_for_machines_is_undone_and_nothing_else(title: str, caption: str) -> None:
    assert judge([Titled("x/y.svg", title, "", ())])["x/y.svg"].caption == caption


def test_a_description_is_added_where_it_says_more() -> None:
    files = [Titled("x/mars.svg", "Mars", "A red planet with two small moons", ())]
    files += [Titled("x/hub.svg", "Hub", "Made with Inkscape by me", ())]
    verdicts = judge(files)
    assert verdicts["x/mars.svg"].caption == "Mars. A red planet with two small moons"
    assert verdicts["x/hub.svg"].caption == "Hub"


PAGE = b"""<html><body><nav>Home</nav><div role="main"><h1>Title<a class="headerlink" href="#a">\xc2\xb6</a></h1>
<p>Some <code>code()</code> and
text.</p><div class="highlight-python3"><div class="highlight"><pre>a = 1
  b</pre></div></div><ul><li><p>One</p></li></ul><script>x</script></div></body></html>"""


def test_a_documentation_page_is_read_without_its_navigation() -> None:
    title, blocks, reason = sphinx.read(PAGE, "library/a.html")
    assert (title, reason) == ("Title", "")
    assert blocks == ["# Title", "Some `code()` and text.", "```python\na = 1\n  b\n```", "- One"]


MAN = (
    '.TH LS 1\n.SH 名称\nls \\- 列出目录\n的内容\n.TP\n.BR \\-a ", " \\-\\-all\n不隐藏\n'
    '.nf\nls \\-l\n.fi\n.SH "[中文版维护人]"\n某人 <a@b.c>\n.de XX\nnoise\n..\n'
)  # fmt: skip


def test_a_manual_page_is_read_without_roff() -> None:
    title, blocks, reason = roff.read(MAN.encode())
    assert (title, reason) == ("LS", "")
    assert blocks == ["## 名称", "ls - 列出目录的内容", "-a, --all: 不隐藏", "```\nls -l\n```"]


def test_a_page_of_links_or_other_macros_is_left_out() -> None:
    assert roff.read(b".so man1/ls.1\n")[2]
    assert roff.read(b".Dd today\n.Sh NAME\n")[2]


@pytest.mark.parametrize(
    "data", [b"", b"\xff" * 100, b".\\" * 1000, b".if \\{" * 500, b".TS\n" * 9]
)
def test_hostile_pages_do_not_break_the_reader(data: bytes) -> None:
    roff.read(data)
    sayings.read(data)


def test_sayings_lose_their_colours() -> None:
    data = "\x1b[32m《送别》\x1b[m\n下马饮君酒\n%\n\x1b[;\x1b[34;1mm来\n".encode()
    assert sayings.read(data) == ["《送别》\n下马饮君酒", "来"]


def test_language_is_told_by_line() -> None:
    assert main_language(by_line(["风急天高猿啸哀，渚清沙白鸟飞回。"])) == "zh"
    assert main_language(by_line(["This is a plain English sentence."])) == "en"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a" * 5000, "a very long run without spaces"),
        ("cafÃ© dÃ©jÃ vu " * 20, "characters of a wrong decoding"),
        ("+-*/ " * 100, "mostly signs"),
        ("x", "too short"),
        ("│ a word here " * 30, "drawn with box characters"),
    ],
)
def test_text_that_is_not_fit_says_why(text: str, reason: str) -> None:
    assert sanity.fault([text], 20) == reason
